// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace fugato {

/// @returns the value at @p x and writes the gradient there, which is as long as @p x.
using smooth_function = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// When `minimise` stops, whichever comes first.
struct lbfgs_limits {
  std::uint32_t iterations = 200;
  std::uint32_t evaluations = 15000; ///< looked at after each iteration
  double gradient = 1e-4;            ///< largest absolute partial derivative
  /// Relative decrease of an iteration, (f - f') / max(|f|, |f'|, 1), in units of the
  /// double's epsilon; 1e7 is about scipy's ftol of 2.2e-9.
  double decrease = 1e7;
};

struct lbfgs_result {
  double value = 0;
  std::uint32_t iterations = 0;
  std::uint32_t evaluations = 0;
};

/// Minimises by L-BFGS with a memory of 10 steps: Nocedal's and his colleagues'
/// L-BFGS-B 3.0 without bounds, which is also what `scipy.optimize.minimize(method=
/// "L-BFGS-B")` runs, so that its steps are the same. May be called by several threads at once.
/// (Byrd, Lu, Nocedal, Zhu: A limited memory algorithm for bound constrained
/// optimization, SIAM J. Sci. Comput. 16, 1995; Morales, Nocedal: Remark on algorithm 778, ACM TOMS 38, 2011.)
/// @param x where it begins and, in the end, the minimum; at most `lbfgs_max_size` long
/// @param after_iteration is told how many are done; may be empty
/// What either function throws passes through.
lbfgs_result minimise(std::vector<double>& x, const smooth_function& f, const lbfgs_limits& limits,
                      const std::function<void(std::uint32_t)>& after_iteration = {});

/// Its work takes 25 doubles and 3 integers a variable, indexed by 32 bits.
inline constexpr std::size_t lbfgs_max_size = 50'000'000;

} // namespace fugato
