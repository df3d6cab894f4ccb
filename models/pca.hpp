// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// The directions in which standardised columns vary most.
struct principal_components {
  std::vector<double> explained; ///< share of the variance, of all components, largest first; they add up to 1
  std::vector<double> weights;   ///< of each column in each kept component: components x columns, each of norm 1
  std::vector<double> places;    ///< of each row along each kept component: rows x components
  std::size_t kept = 0;
};

/// Principal component analysis of columns, each standardised (mean 0, standard deviation 1): eigenvectors of their
/// correlation matrix (Eigen's SelfAdjointEigenSolver). Each component's weight of largest magnitude is positive, which
/// fixes its sign. sklearn.decomposition.PCA of StandardScaler's output.
/// @param columns of equal length, finite, each with two different values; at least one
/// @param keep components, at most as many as there are columns
principal_components find_components(std::span<const std::vector<double>> columns, std::size_t keep);

} // namespace fugato
