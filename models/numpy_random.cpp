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

double numpy_random::uniform() {
  const auto high = static_cast<double>(bits_() >> 5U); // 27 bits
  const auto low = static_cast<double>(bits_() >> 6U);  // 26 bits
  return (high * 0x1p26 + low) * 0x1p-53;
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
