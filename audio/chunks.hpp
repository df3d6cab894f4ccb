// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fugato {

/// A part of a clip: samples [first, first + size). Past the clip's end the
/// samples are zero (tail = pad).
struct chunk {
  std::size_t first = 0;
  std::size_t size = 0;
};

/// Cuts `samples` samples at `rate` into chunks, in order. Mode "report": chunk
/// i is [72765 i, 72765 i + 72766) at any rate, the last one short, so that there
/// are 1 + ceil(max(0, samples - 72766) / 72765) of them (librosa.stream, block
/// length 11, frame 6616, hop 6615). Mode "even": round(seconds * rate) samples
/// each. Never empty for samples > 0, but in mode "even" with tail = drop and a
/// clip shorter than one chunk.
std::vector<chunk> cut(std::size_t samples, std::uint32_t rate, const chunking_settings& settings);

} // namespace fugato
