// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/scaler.hpp"

#include "config/error.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace fugato {
namespace {

/// Whether a column's variance is no more than what rounding makes of a
/// constant (the bound that scikit-learn takes from Chan, Golub and LeVeque).
bool is_constant(double mean, double variance, double n) {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  const double rounding = n * mean * epsilon;
  return variance <= n * epsilon * variance + rounding * rounding;
}

} // namespace

void describe(visitor& v, scaler& x) {
  v("mean", x.mean, anything{}, "what is subtracted from each column");
  v("scale", x.scale, anything{}, "what each column is divided by after that");
}

scaler fit_scaler(const dataset& table, std::span<const std::uint32_t> rows) {
  const std::size_t width = table.width();
  const auto n = static_cast<double>(rows.size());
  scaler result{std::vector<double>(width, 0.0), std::vector<double>(width, 1.0)};
  if (rows.empty())
    return result;
  for (const std::uint32_t i : rows)
    for (std::size_t j = 0; j < width; ++j)
      result.mean[j] += static_cast<double>(table.row(i)[j]);
  for (double& mean : result.mean)
    mean /= n;

  // the sum of deviations, 0 but for rounding, corrects the sum of their squares
  std::vector<double> deviations(width, 0.0);
  std::vector<double> squares(width, 0.0);
  for (const std::uint32_t i : rows)
    for (std::size_t j = 0; j < width; ++j) {
      const double deviation = static_cast<double>(table.row(i)[j]) - result.mean[j];
      deviations[j] += deviation;
      squares[j] += deviation * deviation;
    }
  for (std::size_t j = 0; j < width; ++j) {
    const double variance = (squares[j] - deviations[j] * deviations[j] / n) / n;
    if (!is_constant(result.mean[j], variance, n))
      result.scale[j] = std::sqrt(variance);
  }
  return result;
}

samples scaled(const dataset& table, std::span<const std::uint32_t> rows, const scaler& by) {
  const std::size_t width = table.width();
  if (by.mean.size() != width)
    throw error(errc::bad_model, "the scaler was made for " + std::to_string(by.mean.size()) +
                                     " columns, but the table has " + std::to_string(width));
  samples result;
  result.width = width;
  result.values.reserve(rows.size() * width);
  for (const std::uint32_t i : rows) {
    const std::span<const float> row = table.row(i);
    for (std::size_t j = 0; j < width; ++j)
      result.values.push_back(static_cast<float>((static_cast<double>(row[j]) - by.mean[j]) / by.scale[j]));
    if (!table.labels.empty())
      result.labels.push_back(table.labels[i]);
  }
  return result;
}

} // namespace fugato
