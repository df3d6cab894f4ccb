// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tools/demo_style.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace fugato::demo {

/// A MIDI channel message with its time.
struct midi_event {
  /// In the order in which events of one moment are played.
  enum class kind : std::uint8_t { program, control, bend, note_off, note_on };

  double seconds; ///< from the start
  kind what;
  std::uint8_t channel; ///< 0 to 15; 9 has the drums
  std::uint8_t data1;   ///< program, controller, low 7 bits of the bend, or key
  std::uint8_t data2;   ///< value, high 7 bits of the bend, or velocity

  bool operator==(const midi_event&) const = default;
};

/// Music is written for this long, enough for the longest track of GTZAN and
/// the second that is left out before it [s].
constexpr double composed_seconds = 33;

/// The music of track @p index of the genre: a function of its arguments alone,
/// the same on every machine. Tempo, key, tuning, instruments, chords, rhythms
/// and form are drawn from the style, some of them from a style akin, so that
/// genres overlap. Sorted by time, then kind.
std::vector<midi_event> compose(const style& genre, unsigned index);

} // namespace fugato::demo
