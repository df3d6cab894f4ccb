// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/settings.hpp"
#include "report/comparison.hpp"

#include <string>
#include <vector>

namespace fugato {

/// What `fugato compare` was told.
struct comparison_order {
  std::string config;                   ///< as typed; may be empty where a table is given
  std::vector<std::string> assignments; ///< of --set
  run_settings settings;                ///< of both
};

/// A cell to be measured.
struct planned_cell {
  measured_cell cell;
  std::vector<std::string> arguments; ///< of `fugato`, but for its outputs
};

/// Stage extract: policies times worker counts; a policy that ignores the count has one cell.
/// Stage train: numbers of threads, then numbers of ranks for each size of chunks.
/// @param table that the cells of stage train learn from
/// @throws error(settings) when there are none
std::vector<planned_cell> plan_cells(const comparison_order& x, const std::string& table);

/// The arguments of a run that makes the table of a corpus.
std::vector<std::string> table_arguments(const comparison_order& x);

} // namespace fugato
