// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// Band-limited resampling as librosa.resample(res_type="soxr_hq") does it: libsoxr,
/// quality HQ, 32-bit floats, one thread, the whole signal at once; then cut or
/// filled with zeros to ceil(size * to / from) samples.
/// @param from,to rates [Hz], positive
std::vector<float> resample(std::span<const float> samples, std::uint32_t from, std::uint32_t to);

/// Version of libsoxr, e.g. "libsoxr-0.1.3".
std::string soxr_version();

} // namespace fugato
