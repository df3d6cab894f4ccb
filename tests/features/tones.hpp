// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

/// Signals whose features are known on paper.
namespace tones {

inline std::vector<float> constant(std::size_t n, float level) { return std::vector<float>(n, level); }

inline std::vector<float> silence(std::size_t n) { return constant(n, 0); }

/// amplitude sin(2 pi hz n / 22050 + phase)
inline std::vector<float> sine(std::size_t n, double hz, double amplitude = 1, double phase = 0) {
  std::vector<float> y(n);
  for (std::size_t i = 0; i < n; ++i)
    y[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 22050 + phase));
  return y;
}

/// A 1 at every `period` samples, from sample `first`.
inline std::vector<float> impulses(std::size_t n, std::size_t period, std::size_t first = 0) {
  std::vector<float> y(n);
  for (std::size_t i = first; i < n; i += period)
    y[i] = 1;
  return y;
}

/// Gaussian enough: the sum of four uniform numbers, of variance 1/3; the same everywhere.
inline std::vector<float> noise(std::size_t n, std::uint64_t seed = 1) {
  std::vector<float> y(n);
  for (float& x : y) {
    x = 0;
    for (int i = 0; i < 4; ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      x += static_cast<float>(static_cast<double>(seed >> 40) / (1 << 24) - 0.5);
    }
  }
  return y;
}

} // namespace tones
