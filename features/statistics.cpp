// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/catalog.hpp"

#include <cmath>

namespace fugato {

namespace {

double mean(std::span<const float> x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v};
  return sum / static_cast<double>(x.size());
}

double variance(std::span<const float> x) {
  const double centre = mean(x);
  double sum = 0;
  for (const float v : x)
    sum += (double{v} - centre) * (double{v} - centre);
  return sum / static_cast<double>(x.size());
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
