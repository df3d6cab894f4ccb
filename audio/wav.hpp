// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace fugato {

/// Writes mono 16-bit PCM to the WAV file @p path, `rate` in [Hz]. The bytes
/// depend on the arguments only. They go to `<path>.partial`, which then takes
/// the name @p path, so that whoever finds the file finds all of it.
/// @throws error(output); then neither file is left behind, and an older @p
///         path stays as it was.
void write_wav(const std::string& path, std::span<const std::int16_t> samples, std::uint32_t rate);

/// The size of the file that write_wav makes of @p samples samples [bytes].
constexpr std::uintmax_t wav_bytes(std::size_t samples) { return 44 + std::uintmax_t{2} * samples; }

} // namespace fugato
