// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/trim.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace fugato {
namespace {

constexpr std::size_t frame = 2048;
constexpr std::size_t hop = 512;

/// Mean square of each centred frame, rounded to float as librosa's is.
std::vector<float> mean_squares(std::span<const float> samples) {
  std::vector<float> result(1 + samples.size() / hop);
  for (std::size_t t = 0; t < result.size(); ++t) {
    const std::size_t first = t * hop < frame / 2 ? 0 : t * hop - frame / 2;
    const std::size_t last = std::min(samples.size(), t * hop + frame / 2);
    double sum = 0;
    for (std::size_t i = first; i < last; ++i)
      sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    result[t] = static_cast<float>(sum / frame);
  }
  return result;
}

double decibel(float mean_square) { return 10 * std::log10(std::max(1e-10, static_cast<double>(mean_square))); }

} // namespace

sample_range trim(std::span<const float> samples, double top_db) {
  const std::vector<float> power = mean_squares(samples);
  const double floor = decibel(*std::max_element(power.begin(), power.end())) - top_db;
  const auto loud = [floor](float p) { return decibel(p) > floor; };
  const auto first = std::find_if(power.begin(), power.end(), loud);
  const auto last = std::find_if(power.rbegin(), power.rend(), loud).base();
  if (first == power.end())
    return {};
  return {static_cast<std::size_t>(first - power.begin()) * hop,
          std::min(samples.size(), static_cast<std::size_t>(last - power.begin()) * hop)};
}

} // namespace fugato
