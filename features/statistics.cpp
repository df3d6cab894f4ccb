// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/catalog.hpp"
#include "features/kernels.hpp"

#include <cmath>

namespace fugato {

namespace {

double mean(std::span<const float> x) { return best_kernels().sum(x.data(), x.size()) / static_cast<double>(x.size()); }

double variance(std::span<const float> x) {
  return best_kernels().sum_of_squares(x.data(), x.size(), mean(x)) / static_cast<double>(x.size());
}

} // namespace

const catalog<statistic>& statistics() {
  static const catalog<statistic> rows(
      "statistic",
      {
          {"mean", "Arithmetic mean.", [](std::span<const float> x) { return static_cast<float>(mean(x)); }},
          {"var", "Population variance, sum (x - mean)^2 / n, in the square of the unit.",
           [](std::span<const float> x) { return static_cast<float>(variance(x)); }, true},
          {"std", "Population standard deviation, the square root of var.",
           [](std::span<const float> x) { return static_cast<float>(std::sqrt(variance(x))); }},
      });
  return rows;
}

} // namespace fugato
