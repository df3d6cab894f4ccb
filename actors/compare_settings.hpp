// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// What `fugato compare` measures. Stage extract: each policy with each worker count is a cell. Stage train: each
/// number of threads, and each number of ranks with each size of chunks.
struct compare_settings {
  std::string stage = "extract";     ///< row of the catalog of comparison_stage.hpp
  std::vector<std::string> policies; ///< none: all
  std::vector<std::uint32_t> workers{1, 2, 4};
  std::uint32_t repetitions = 5;
  std::uint32_t files = 50;
  std::uint32_t warmup = 1; ///< rounds that are not counted
  std::string table;        ///< that is learnt from; empty: the features of the corpus
  std::vector<std::uint32_t> threads{1, 2, 4};
  std::vector<std::uint32_t> ranks{1, 2, 4};
  std::vector<std::uint32_t> chunk_rows{1};
  double tolerance = 0.02; ///< differences of accuracy up to this count as none
};

void describe(visitor& v, compare_settings& x);

} // namespace fugato
