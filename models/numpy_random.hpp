// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace fugato {

/// The part of `numpy.random.RandomState(seed)` that scikit-learn's splits and
/// perceptrons use; gives the very same numbers.
class numpy_random {
public:
  explicit numpy_random(std::uint32_t seed) : bits_(seed) {}

  /// Uniform in [0, max], by masked rejection (numpy's legacy random_interval).
  std::uint32_t interval(std::uint32_t max);

  /// Uniform in [0, 1), of 53 bits (numpy's random_sample).
  double uniform();

  /// Fisher-Yates from the end.
  void shuffle(std::span<std::uint32_t> xs);

  /// 0 .. n-1 shuffled.
  std::vector<std::uint32_t> permutation(std::uint32_t n);

private:
  std::mt19937 bits_;
};

} // namespace fugato
