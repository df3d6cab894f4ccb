// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

/// The demo corpus: music written by rules, one row of rules per genre.
///
/// Rhythms are strings with one character a step. The steps are spread evenly
/// over a bar of four quarters, so the length of the string is its grid: 16 is
/// sixteenths, 12 is triplets (a shuffle), 8 is eighths. In all of them
///
///     .  silence            -  the note before goes on
///
/// and the others start a note: in a drum's pattern
///
///     x  a stroke           X  an accent             o  a ghost stroke
///
/// and in a part's pattern
///
///     x  the chord          X  the chord, accented   o  the chord, softly
///     1 3 5 7 8             one tone of the chord: its root, third, fifth, seventh, octave
///     a                     a semitone below the root of the next chord
namespace fugato::demo {

/// Where a track's own value is drawn from.
struct range {
  double low;
  double high;
};

/// What a melodic instrument does in the ensemble.
struct role {
  int lowest;    ///< MIDI note from which it plays upwards
  int loudness;  ///< added to the velocity of the track
  double chance; ///< of being in a track; the first part of a style always is
};

/// An accompanying instrument.
struct part {
  std::vector<std::uint8_t> programs;     ///< General MIDI; one is drawn
  std::vector<std::string_view> patterns; ///< one is drawn, another at times for a bar
  role as;
};

/// Semitones above the key note.
struct scales {
  std::vector<int> major; ///< over a progression in major
  std::vector<int> minor;
};

/// The instrument that improvises a tune over the chords.
struct melody {
  std::vector<std::uint8_t> programs;
  scales in;
  role as;
  unsigned grid; ///< steps a bar
  range density; ///< share of the steps that start a note
};

/// One instrument of the drum kit.
struct drum {
  std::uint8_t note; ///< General MIDI percussion key
  std::string_view pattern;
};

using groove = std::vector<drum>;

/// All there is to know about a genre.
struct style {
  std::string_view name;
  std::string_view summary;
  range tempo;                                ///< [quarter notes/min]
  range velocity;                             ///< MIDI, 1 to 127
  range swing;                                ///< delay of each second sixteenth [sixteenths]
  std::vector<std::string_view> progressions; ///< Roman numerals, one a bar: see parse_chord
  std::vector<part> parts;
  melody lead;
  std::vector<std::uint8_t> kits;    ///< General MIDI (GS) drum kits
  std::vector<groove> grooves;       ///< none: no drums
  std::vector<std::string_view> kin; ///< genres that tracks borrow from
};

/// The ten genres of GTZAN, in alphabetical order.
const catalog<style>& styles();

} // namespace fugato::demo
