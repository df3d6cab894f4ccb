// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/temporal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fugato {

namespace {

/// Samples of frame t that exist: [first, last).
struct extent {
  std::size_t first;
  std::size_t last;
};

extent samples_of(std::size_t t, std::size_t samples, std::size_t n_fft, std::size_t hop_length) {
  const std::size_t centre = t * hop_length;
  const std::size_t half = n_fft / 2;
  return {centre > half ? centre - half : 0, std::min(samples, centre + half)};
}

double sum_of_squares(std::span<const float> y) {
  std::array<double, 8> parts{};
  std::size_t n = 0;
  for (; n + parts.size() <= y.size(); n += parts.size())
    for (std::size_t i = 0; i < parts.size(); ++i)
      parts[i] += double{y[n + i]} * double{y[n + i]};
  for (; n < y.size(); ++n)
    parts[0] += double{y[n]} * double{y[n]};
  double sum = 0;
  for (const double part : parts)
    sum += part;
  return sum;
}

} // namespace

std::size_t zero_crossings(const kernels& k, std::span<const float> y) {
  return k.sign_changes(y.data() + 1, y.size() - 1);
}

void zero_crossing_rate(const kernels& k, std::span<const float> y, std::size_t n_fft, std::size_t hop_length,
                        std::span<float> out) {
  // A frame differs from the one before by what enters and what leaves, each counted once.
  std::size_t inside = 0;
  extent counted{1, 1};
  const auto changes = [&](std::size_t first, std::size_t last) {
    return k.sign_changes(y.data() + first, last - first);
  };
  for (std::size_t t = 0; t < out.size(); ++t) {
    const auto [first, last] = samples_of(t, y.size(), n_fft, hop_length);
    const extent next{std::min(first + 1, y.size()), std::max(last, std::size_t{1})};
    inside += changes(counted.last, next.last);
    inside -= changes(counted.first, next.first);
    counted = next;
    out[t] = static_cast<float>(static_cast<double>(inside) / static_cast<double>(n_fft));
  }
}

void rms(std::span<const float> y, std::size_t n_fft, std::size_t hop_length, std::span<float> out) {
  for (std::size_t t = 0; t < out.size(); ++t) {
    const auto [first, last] = samples_of(t, y.size(), n_fft, hop_length);
    const double sum = first < last ? sum_of_squares(y.subspan(first, last - first)) : 0;
    out[t] = static_cast<float>(std::sqrt(sum / static_cast<double>(n_fft)));
  }
}

} // namespace fugato
