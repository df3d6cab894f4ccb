// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Bytes to be read in place of those in the file: a length of the audio that was
/// left open or that the file does not reach, where libsndfile would be misled.
struct corrected {
  std::size_t at = 0;
  std::vector<std::byte> bytes;
};

/// What the structure of a file tells before it is decoded, of which libsndfile is
/// silent: it shortens a length that the file does not hold without a word.
struct container {
  std::string_view format;    ///< "WAV", "Ogg" ...; empty when not recognised
  bool foreign = false;       ///< a format that libsndfile does not decode
  std::optional<double> rate; ///< as stated, where easily found [Hz]
  std::optional<unsigned> channels;
  bool plain = true;        ///< not a compressed coding within WAV
  bool headed = true;       ///< the header is there up to where the audio begins
  bool empty = false;       ///< states that there is no audio data
  bool states_total = true; ///< the number of samples is stated, not estimated
  std::optional<corrected> length;
  std::size_t intact = 0; ///< leading bytes that are worth decoding
  std::string damage;     ///< a clause; empty when the structure is sound
  std::string oddity;     ///< a clause about what contradicts itself, yet harms no sample
};

/// Looks at the chunks of RIFF, RF64, AIFF, AU and CAF and at the pages of Ogg, after
/// an ID3v2 tag if there is one. Lengths that streaming writers (sox, ffmpeg,
/// arecord to a pipe) leave open as 0 or as nearly 2^31 or 2^32 count as unknown.
container inspect(std::span<const std::byte> bytes);

} // namespace fugato
