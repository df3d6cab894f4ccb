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

/// Sign changes between samples n - 1 and n for n in [first, last), first >= 1.
std::size_t sign_changes(std::span<const float> y, std::size_t first, std::size_t last) {
  std::size_t count = 0;
  // Counting in 32 bits lets a vector hold more counters; 2^24 samples cannot overflow it.
  constexpr std::size_t part = std::size_t{1} << 24;
  for (std::size_t from = first; from < last; from += part) {
    unsigned changes = 0;
    for (std::size_t n = from; n < std::min(last, from + part); ++n)
      changes += (y[n - 1] < -1e-10f) != (y[n] < -1e-10f);
    count += changes;
  }
  return count;
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

std::size_t zero_crossings(std::span<const float> y) { return sign_changes(y, 1, y.size()); }

void zero_crossing_rate(std::span<const float> y, std::size_t n_fft, std::size_t hop_length, std::span<float> out) {
  // A frame differs from the one before by what enters and what leaves, each counted once.
  std::size_t inside = 0;
  extent counted{1, 1};
  for (std::size_t t = 0; t < out.size(); ++t) {
    const auto [first, last] = samples_of(t, y.size(), n_fft, hop_length);
    const extent next{std::min(first + 1, y.size()), std::max(last, std::size_t{1})};
    inside += sign_changes(y, counted.last, next.last);
    inside -= sign_changes(y, counted.first, next.first);
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
