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
  std::string warning;          ///< as in `decoded`
};

/// What a decoder found in a file's bytes, before any resampling.
struct decoded {
  std::uint32_t rate = 0;     ///< [Hz]
  std::uint32_t channels = 0; ///< in the file
  std::vector<float> mono;    ///< mean of the channels
  std::string damage;
  std::string warning; ///< a clause: why the samples can be used but tell little, or not all; else empty
};

/// Reads, decodes, mixes to mono, resamples (libsoxr HQ, as librosa does) and,
/// where asked for, trims.
/// @throws error with one of the reasons that concern a track; `what()` starts
///         with the path.
/// @param root as in read_file (audio/bytes.hpp)
clip read_clip(const std::string& path, const audio_settings& settings, const std::string& root = {});

/// The part of read_clip that needs no file; @p name is for the errors.
clip make_clip(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings);

/// Warnings are given of samples that are all equal, of a RIFF size that contradicts
/// the file though its data are whole, and of Ogg streams behind the first.
///
/// Decodes what libsndfile knows (WAV, FLAC, OGG, Opus, MP3, AIFF, AU, CAF ...) from
/// memory; 16-bit samples become int16 / 32768 exactly, several channels their
/// mean (librosa.to_mono). Floats beyond [-1, 1] stay as they are. Memory follows
/// what decodes, at most max_seconds of it, never what a header claims.
///
/// Damage is noticed where the format allows it: audio data cut off (WAV, RF64, W64,
/// AIFF, AU, CAF, VOC, NIST; Ogg pages; a total stated by FLAC, or by an MP3's Xing header and missed
/// by two frames or more), wrong checksums (FLAC frames, Ogg pages), lost Ogg pages,
/// samples that are not finite. Not noticed: changed bytes in uncompressed audio and
/// in most of an MP3; the loss of the end of an MP3 without Xing header, of whole
/// pages at the end of an Ogg stream, of the end of rarer formats (PAF, SVX ...) and of
/// files whose writer left the length open. An MP3 of variable bit rate without Xing
/// header ends where libsndfile estimates its end (as with soundfile); about odd MP3s
/// mpg123 writes notes to stderr, which libsndfile gives no means to stop.
/// @throws error not_audio, unsupported_audio, damaged_audio, non_finite,
///         absurd_format (rate outside [1000, 768000] Hz, more than max_channels),
///         no_samples, too_large; `what()` starts with @p name. With on_damage =
///         "partial" damage throws only when no sample comes before it.
decoded decode(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings);

/// Files larger than this are not read: max_seconds of 48 kHz, stereo, 32 bit, and
/// 16 MiB for tags and pictures.
std::uint64_t max_file_bytes(const audio_settings& settings);

/// Version of libsndfile, e.g. "libsndfile-1.2.0".
std::string sndfile_version();

} // namespace fugato
