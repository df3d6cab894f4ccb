// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/settings.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// Decoded mono samples, nominally in [-1, 1], at the rate of the analysis.
struct clip {
  std::uint32_t rate = 0; ///< [Hz]
  std::vector<float> samples;
  std::uint64_t file_bytes = 0; ///< read from the medium
  double file_seconds = 0;      ///< of audio in the file, before trimming [s]
  std::string damage;           ///< with on_damage = partial: what was wrong; else empty
};

/// What a decoder found in a file's bytes, before any resampling.
struct decoded {
  std::uint32_t rate = 0;     ///< [Hz]
  std::uint32_t channels = 0; ///< in the file
  std::vector<float> mono;    ///< mean of the channels
  std::string damage;
};

/// Reads, decodes, mixes to mono, resamples (libsoxr HQ, as librosa does) and,
/// where asked for, trims.
/// @throws error with one of the reasons that concern a track; `what()` starts
///         with the path.
clip read_clip(const std::string& path, const audio_settings& settings);

/// The part of read_clip that needs no file; @p name is for the errors.
clip make_clip(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings);

/// Decodes what libsndfile knows (WAV, FLAC, OGG, Opus, MP3, AIFF, AU, CAF ...) from
/// memory; 16-bit samples become int16 / 32768 exactly.
decoded decode(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings);

} // namespace fugato
