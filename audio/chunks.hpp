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

/// Cuts `samples` samples at `rate` into chunks, in order. Never empty for
/// samples > 0 in mode "report" or with a tail that is kept or padded.
std::vector<chunk> cut(std::size_t samples, std::uint32_t rate, const chunking_settings& settings);

} // namespace fugato
