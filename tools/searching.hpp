// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"
#include "models/search.hpp"
#include "report/trial_log.hpp"
#include "report/tuning.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The search of `fugato tune`: trials run side by side, shown and kept as they come in.
namespace fugato {

struct search_plan {
  std::vector<search_cell> cells;
  std::vector<trial> trials; ///< cell by cell, fold by fold
};

/// @throws error(settings) naming the place in the settings
search_plan plan_search(const run_settings& settings);

/// What a search goes by besides its plan.
struct search_terms {
  std::string table_sha256;   ///< as in the log's records
  double budget_minutes = 0;  ///< of the clock; 0: none
  std::function<bool()> stop; ///< whether the search shall end for another reason
};

/// Makes the trials that the log does not have yet, adds each to it, and shows on stderr how each cell does and which
/// is best so far. The budget ends the search early: trials that have begun get a few seconds more (see
/// session::run_trials).
/// @param report learns what the search cost
/// @throws error(usage) for a log of another table, error(output) when it cannot be written
tuning_report search(session& actors, const std::shared_ptr<const dataset>& data, const search_plan& plan,
                     const run_settings& settings, trial_log& log, const search_terms& terms, run_report& report);

/// Why no cell has all its folds: the end of a sentence.
std::string why_incomplete(const tuning_report& x);

} // namespace fugato
