// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/numpy_random.hpp"

#include <bit>
#include <numeric>
#include <utility>

namespace fugato {

std::uint32_t numpy_random::interval(std::uint32_t max) {
  if (max == 0)
    return 0; // numpy draws nothing here
  const std::uint32_t mask = 0xFFFFFFFFU >> std::countl_zero(max);
  std::uint32_t x = 0;
  do
    x = static_cast<std::uint32_t>(bits_()) & mask;
  while (x > max);
  return x;
}

void numpy_random::shuffle(std::span<std::uint32_t> xs) {
  for (std::size_t i = xs.size(); i-- > 1;)
    std::swap(xs[i], xs[interval(static_cast<std::uint32_t>(i))]);
}

std::vector<std::uint32_t> numpy_random::permutation(std::uint32_t n) {
  std::vector<std::uint32_t> result(n);
  std::iota(result.begin(), result.end(), 0U);
  shuffle(result);
  return result;
}

} // namespace fugato
