// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/classifier.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// Brings each column to mean 0 and standard deviation 1 (over n, not n - 1), as
/// sklearn.preprocessing.StandardScaler: z = (x - mean) / scale, in double.
struct scaler {
  std::vector<double> mean;
  std::vector<double> scale; ///< 1 for columns that are constant up to rounding
};

void describe(visitor& v, scaler& x);

/// Learns from the given rows only: never show it rows of the test part.
scaler fit_scaler(const dataset& table, std::span<const std::uint32_t> rows);

/// The given rows, scaled, with their labels if the table has any.
/// @throws error(bad_model) when the table's width differs from the scaler's.
samples scaled(const dataset& table, std::span<const std::uint32_t> rows, const scaler& by);

} // namespace fugato
