// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tools/demo_music.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fugato::demo {

/// As in GTZAN [Hz].
constexpr std::uint32_t sample_rate = 22050;

/// The first General MIDI soundfont where Debian's packages put them.
/// @throws error(not_found) naming the package to install.
std::string find_soundfont();

/// Plays @p events, sorted by time, on FluidSynth: samples [first, first +
/// count) at `sample_rate`, the mean of the two channels. The same samples in
/// every run and thread with the same soundfont and build of FluidSynth.
/// @throws error(not_found) for a soundfont that cannot be loaded,
///         error(internal) if FluidSynth fails.
std::vector<float> render(std::span<const midi_event> events, const std::string& soundfont, std::size_t first,
                          std::size_t count);

/// Scales so that the largest magnitude is @p peak_db [dBFS], at most 0, and
/// rounds to 16 bits, without dither. Silence stays silence.
std::vector<std::int16_t> quantise(std::span<const float> samples, double peak_db);

} // namespace fugato::demo
