// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The only user of the library of that name.
namespace fugato::libsvm {

struct settings {
  double c = 1;
  double gamma = 1;
  double tolerance = 1e-3;
};

/// The machine of two classes: d(x) = sum coefficient K(row, x) + intercept speaks for
/// the first class where it is greater than 0.
struct pair_solution {
  std::vector<std::pair<std::uint32_t, double>> coefficients; ///< row of the table, coefficient in [-C, C]
  double intercept = 0;
};

/// C-SVC with the kernel exp(-gamma |x - y|^2) for each pair of classes, in the order
/// (0, 1), (0, 2) ... (1, 2) ... The problems are those of libsvm's own multi-class
/// training when rows come sorted by label; so are the solutions.
/// @param rows_of of each class: its rows, at least one
/// @throws error(internal) when cancelled, which is seen between two pairs
std::vector<pair_solution> solve(const samples& train, const std::vector<std::vector<std::uint32_t>>& rows_of,
                                 const settings& how, const fit_context& context);

/// Of the library that is linked, e.g. "3.24".
std::string version();

} // namespace fugato::libsvm
