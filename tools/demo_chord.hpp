// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace fugato::demo {

/// A chord on a degree of the scale.
struct chord {
  int root;               ///< semitones above the key note
  std::vector<int> tones; ///< semitones above the root, the root first
  bool minor;
};

/// 0 to 11.
int mod12(int x);

/// The first note of the pitch class from @p lowest upwards.
int lift(int pitch_class, int lowest);

/// Reads a chord like `I`, `vi`, `bVII`, `ii7`, `IVmaj7`, `i5`: a Roman numeral
/// on the major scale, `b` for a semitone lower, small letters for minor; `7`
/// adds the minor seventh, `maj7` the major one, `5` leaves root and fifth.
/// @throws error(internal) for anything else.
chord parse_chord(std::string_view symbol);

/// Chords with a space between them.
std::vector<chord> parse_progression(std::string_view text);

/// Minor where the tonic chord is; a progression without that chord counts as major.
bool is_minor(const std::vector<chord>& progression);

/// The MIDI notes that a character of a part's pattern stands for (see
/// demo_style.hpp), in the octave from @p lowest on; @p key is the pitch class
/// of the key note, @p next the chord after @p now.
std::vector<int> notes_of(char what, const chord& now, const chord& next, int key, int lowest);

} // namespace fugato::demo
