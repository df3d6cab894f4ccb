// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/chunks.hpp"

#include <algorithm>
#include <cmath>

namespace fugato {
namespace {

/// librosa.stream with block 11, frame 6616, hop 6615: 11 hops plus the one
/// sample that neighbouring chunks share.
constexpr std::size_t report_step = 11 * 6615;
constexpr std::size_t report_size = report_step + 1;

std::vector<chunk> cut_report(std::size_t samples) {
  std::vector<chunk> chunks{{0, std::min(samples, report_size)}};
  for (std::size_t first = report_step; first + 1 < samples; first += report_step)
    chunks.push_back({first, std::min(samples - first, report_size)});
  return chunks;
}

std::vector<chunk> cut_even(std::size_t samples, std::size_t size, const std::string& tail) {
  std::vector<chunk> chunks;
  std::size_t first = 0;
  for (; samples - first >= size; first += size)
    chunks.push_back({first, size});
  if (first < samples && tail != "drop")
    chunks.push_back({first, tail == "pad" ? size : samples - first});
  return chunks;
}

} // namespace

std::vector<chunk> cut(std::size_t samples, std::uint32_t rate, const chunking_settings& settings) {
  if (samples == 0)
    return {};
  if (settings.mode == "report")
    return cut_report(samples);
  const double size = std::max(1.0, std::round(settings.seconds * rate));
  return cut_even(samples, static_cast<std::size_t>(size), settings.tail);
}

} // namespace fugato
