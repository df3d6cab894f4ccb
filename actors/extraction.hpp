// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// What the stages of a line note about a track on its way. Whole numbers only:
/// they add up the same in any order.
struct track_notes {
  std::uint64_t file_bytes = 0;
  std::uint64_t audio_microseconds = 0;  ///< of audio in the file
  std::uint64_t read_nanoseconds = 0;    ///< CPU: read, decode, resample
  std::uint64_t extract_nanoseconds = 0; ///< CPU: features
  std::uint32_t short_chunks = 0;        ///< fewer than 9 frames: their deltas are 0
  std::uint32_t damaged = 0;             ///< 1: only the part before the damage was used

  track_notes& operator+=(const track_notes& x);
};

/// How far an extraction has got.
struct progress {
  std::uint32_t tracks = 0; ///< in all
  std::uint32_t done = 0;
  std::uint32_t failed = 0;
  std::uint64_t audio_microseconds = 0; ///< of the tracks done
};

/// What an extraction yields.
struct extraction {
  dataset data;
  std::vector<failure> failures; ///< in the order of the corpus
  track_notes totals;
  std::vector<std::uint32_t> tracks_per_line;
  std::uint32_t retries = 0;
};

} // namespace fugato
