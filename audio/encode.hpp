// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace fugato {

/// Mono samples as an MP3 (by libsndfile and LAME) of about 40 kbit/s, to be heard in any browser: small, and the same
/// bytes for the same samples. What lies beyond [-1, 1] is clipped.
/// @param rate one that MP3 knows: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 or 48000 [Hz]
/// @returns nothing when this libsndfile cannot write MP3, or not at this rate
std::string encode_mp3(std::span<const float> samples, std::uint32_t rate);

} // namespace fugato
