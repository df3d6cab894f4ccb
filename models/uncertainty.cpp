// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/uncertainty.hpp"

#include "models/numpy_random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace fugato {
namespace {

/// numpy.percentile: linear between neighbours.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

} // namespace

void describe(visitor& v, interval& x) {
  v("low", x.low, anything{}, "lower end");
  v("high", x.high, anything{}, "upper end");
}

void describe(visitor& v, figure_spread& x) {
  v("mean", x.mean, anything{}, "arithmetic mean");
  v("deviation", x.deviation, anything{}, "standard deviation of the sample; 0 for a single value");
  v("values", x.values, anything{}, "how many there are");
}

figure_spread spread_of(std::span<const double> values) {
  if (values.empty())
    return {};
  const auto n = static_cast<double>(values.size());
  figure_spread result{std::accumulate(values.begin(), values.end(), 0.0) / n, 0,
                       static_cast<std::uint32_t>(values.size())};
  double squares = 0;
  for (const double x : values)
    squares += (x - result.mean) * (x - result.mean);
  result.deviation = values.size() < 2 ? 0 : std::sqrt(squares / (n - 1));
  return result;
}

interval bootstrap_share(std::span<const std::uint32_t> hits, std::span<const std::uint32_t> rows, std::uint32_t seed) {
  constexpr std::size_t draws = 1000;
  if (rows.empty())
    return {};
  numpy_random dice(seed);
  const auto last = static_cast<std::uint32_t>(rows.size() - 1);
  std::vector<double> shares;
  for (std::size_t i = 0; i < draws; ++i) {
    std::uint64_t hit = 0;
    std::uint64_t all = 0;
    for (std::size_t j = 0; j < rows.size(); ++j) {
      const std::uint32_t drawn = dice.interval(last);
      hit += hits[drawn];
      all += rows[drawn];
    }
    shares.push_back(all == 0 ? 0 : static_cast<double>(hit) / static_cast<double>(all));
  }
  std::sort(shares.begin(), shares.end());
  return {quantile(shares, 0.025), quantile(shares, 0.975)};
}

} // namespace fugato
