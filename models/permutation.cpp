// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/permutation.hpp"

#include "models/numpy_random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fugato {
namespace {

/// As in `evaluate`.
double mean_log_loss(std::span<const float> probabilities, std::span<const std::uint32_t> truth, std::size_t classes) {
  constexpr double least = std::numeric_limits<float>::epsilon();
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    sum -= std::log(std::clamp(static_cast<double>(probabilities[i * classes + truth[i]]), least, 1 - least));
  return sum / static_cast<double>(truth.size());
}

} // namespace

std::vector<double> permutation_importance(const trained_model& model, const dataset& table,
                                           std::span<const std::uint32_t> rows, std::uint32_t seed, unsigned threads) {
  if (rows.empty())
    return {};
  samples x = scaled(table, rows, model.scaling);
  const auto loss = [&] {
    return mean_log_loss(model.learnt->predict_proba(x, threads), x.labels, model.labels.size());
  };
  const double whole = loss();
  numpy_random dice{seed};
  std::vector<float> column(x.rows());
  std::vector<double> result;
  for (std::size_t j = 0; j < x.width; ++j) {
    for (std::size_t i = 0; i < x.rows(); ++i)
      column[i] = x.values[i * x.width + j];
    const auto order = dice.permutation(static_cast<std::uint32_t>(x.rows()));
    for (std::size_t i = 0; i < x.rows(); ++i)
      x.values[i * x.width + j] = column[order[i]];
    result.push_back(loss() - whole);
    for (std::size_t i = 0; i < x.rows(); ++i)
      x.values[i * x.width + j] = column[i];
  }
  return result;
}

std::vector<std::uint32_t> spread_rows(std::span<const std::uint32_t> rows, std::size_t most) {
  std::vector<std::uint32_t> result;
  const std::size_t count = std::min(most, rows.size());
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(rows[i * rows.size() / count]);
  return result;
}

} // namespace fugato
