// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fugato {

/// Pearson's correlation of each column with each, row by row of the result; in [-1, 1].
///
///   r = sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2)
///
/// of the rows in which both columns are finite, as pandas.DataFrame.corr; NaN where fewer than two are, or one of them
/// does not vary.
std::vector<double> correlations(std::span<const std::vector<double>> columns);

/// An order in which columns that go together stand together: the leaves, left to right, of average linkage (UPGMA) of
/// the distances 1 - |r|, the cluster that was made earlier on the left; as scipy.cluster.hierarchy.linkage(method =
/// "average") and leaves_list, where no two distances are equal. NaN counts as 0. Time: O(n^3).
/// @param r n x n
std::vector<std::size_t> clustered_order(std::span<const double> r, std::size_t n);

} // namespace fugato
