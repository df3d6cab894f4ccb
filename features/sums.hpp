// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/matrix.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fugato {

using tile_sums = std::array<double, tile>;

/// Sums over rows for a tile of frames: add(k, part) adds row k's term to
/// part[0 .. tile). Parts of 32 rows are summed in single precision, which
/// vectorises best, and the parts in double, which keeps the rounding error of
/// a thousand rows near that of 32.
template <class Add>
tile_sums sum_rows(std::size_t rows, Add add) {
  constexpr std::size_t part_rows = 32;
  tile_sums total{};
  for (std::size_t from = 0; from < rows; from += part_rows) {
    alignas(64) float part[tile] = {};
    for (std::size_t k = from; k < std::min(rows, from + part_rows); ++k)
      add(k, part);
    for (std::size_t l = 0; l < tile; ++l)
      total[l] += double{part[l]};
  }
  return total;
}

} // namespace fugato
