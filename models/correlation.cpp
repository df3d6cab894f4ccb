// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/correlation.hpp"

#include "models/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fugato {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool all_finite(const std::vector<double>& x) {
  return std::ranges::all_of(x, [](double v) { return std::isfinite(v); });
}

/// With mean 0 and norm 1; empty when all values are equal.
Eigen::VectorXd normalised(const std::vector<double>& x) {
  const auto [low, high] = std::ranges::minmax(x);
  if (low == high)
    return {};
  const Eigen::Map<const Eigen::VectorXd> values{x.data(), index(x.size())};
  const Eigen::VectorXd centred = values.array() - values.mean();
  return centred / centred.norm();
}

double bounded(double r) { return std::clamp(r, -1.0, 1.0); }

/// Of the rows in which both are finite.
double pairwise(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      a.push_back(x[i]);
      b.push_back(y[i]);
    }
  if (a.size() < 2)
    return none;
  const Eigen::VectorXd u = normalised(a);
  const Eigen::VectorXd v = normalised(b);
  return u.size() == 0 || v.size() == 0 ? none : bounded(u.dot(v));
}

} // namespace

std::vector<double> correlations(std::span<const std::vector<double>> columns) {
  const std::size_t n = columns.size();
  std::vector<double> r(n * n, none);
  std::vector<std::size_t> whole; // columns without gaps, which one product serves
  for (std::size_t i = 0; i < n; ++i)
    if (columns[i].size() > 1 && all_finite(columns[i]) && normalised(columns[i]).size() > 0)
      whole.push_back(i);
  if (!whole.empty()) {
    Eigen::MatrixXd z(index(columns[whole[0]].size()), index(whole.size()));
    for (std::size_t k = 0; k < whole.size(); ++k)
      z.col(index(k)) = normalised(columns[whole[k]]);
    const Eigen::MatrixXd products = z.transpose() * z;
    for (std::size_t a = 0; a < whole.size(); ++a)
      for (std::size_t b = 0; b < whole.size(); ++b)
        r[whole[a] * n + whole[b]] = a == b ? 1 : bounded(products(index(std::min(a, b)), index(std::max(a, b))));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (all_finite(columns[i]))
      continue;
    for (std::size_t j = 0; j < n; ++j) {
      const double x = pairwise(columns[i], columns[j]);
      r[i * n + j] = r[j * n + i] = i == j && std::isfinite(x) ? 1 : x;
    }
  }
  return r;
}

std::vector<std::size_t> clustered_order(std::span<const double> r, std::size_t n) {
  struct cluster {
    std::size_t id;
    std::vector<std::size_t> leaves;
  };
  std::vector<cluster> clusters;
  Eigen::MatrixXd distance(index(n), index(n));
  for (std::size_t i = 0; i < n; ++i) {
    clusters.push_back({i, {i}});
    for (std::size_t j = 0; j < n; ++j)
      distance(index(i), index(j)) = 1 - (std::isfinite(r[i * n + j]) ? std::abs(r[i * n + j]) : 0);
  }
  for (std::size_t made = n; clusters.size() > 1; ++made) {
    std::size_t a = 0;
    std::size_t b = 1;
    for (std::size_t i = 0; i < clusters.size(); ++i)
      for (std::size_t j = i + 1; j < clusters.size(); ++j)
        if (distance(index(i), index(j)) < distance(index(a), index(b))) {
          a = i;
          b = j;
        }
    const auto weight_a = static_cast<double>(clusters[a].leaves.size());
    const auto weight_b = static_cast<double>(clusters[b].leaves.size());
    for (std::size_t k = 0; k < clusters.size(); ++k) {
      const double mean =
          (weight_a * distance(index(a), index(k)) + weight_b * distance(index(b), index(k))) / (weight_a + weight_b);
      distance(index(a), index(k)) = distance(index(k), index(a)) = mean;
    }
    if (clusters[b].id < clusters[a].id)
      std::swap(clusters[a].leaves, clusters[b].leaves);
    clusters[a].leaves.insert(clusters[a].leaves.end(), clusters[b].leaves.begin(), clusters[b].leaves.end());
    clusters[a].id = made;
    const std::size_t last = clusters.size() - 1; // takes b's place
    for (std::size_t k = 0; k < clusters.size(); ++k) {
      distance(index(b), index(k)) = distance(index(last), index(k));
      distance(index(k), index(b)) = distance(index(k), index(last));
    }
    std::swap(clusters[b], clusters[last]);
    clusters.pop_back();
  }
  return n == 0 ? std::vector<std::size_t>{} : clusters.front().leaves;
}

} // namespace fugato
