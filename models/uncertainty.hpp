// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstdint>
#include <span>

/// How sure a figure is.
namespace fugato {

struct interval {
  double low = 0;
  double high = 0;
};

/// Of a figure that was measured several times.
struct figure_spread {
  double mean = 0;
  double deviation = 0; ///< standard deviation of the sample (divided by n - 1); 0 for a single value
  std::uint32_t values = 0;
};

void describe(visitor& v, interval& x);
void describe(visitor& v, figure_spread& x);

figure_spread spread_of(std::span<const double> values);

/// The 95 % percentile interval of sum(hits) / sum(rows) by bootstrap: 1000 times
/// as many clusters as there are, with replacement (Efron and Tibshirani, An
/// Introduction to the Bootstrap, 1993, ch. 13; numpy.percentile of 2.5 and 97.5).
/// Rows of a cluster are drawn together, since chunks of a track are no
/// independent witnesses. Deterministic: the draws are those of
/// numpy.random.RandomState(seed).randint(clusters, size=(1000, clusters)).
/// @param hits of each cluster
/// @param rows of each cluster
interval bootstrap_share(std::span<const std::uint32_t> hits, std::span<const std::uint32_t> rows,
                         std::uint32_t seed = 0);

} // namespace fugato
