// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/search.hpp"
#include "models/trial_summary.hpp"
#include "report/run_report.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What a search for hyper-parameters has to tell.
namespace fugato {

struct tuning_cell {
  std::vector<search_choice> choices;
  std::string parameters; ///< all of the model's, as JSON
  std::uint32_t rank = 0; ///< 1: the best; 0: some of its folds are not done
  figure_spread figure;   ///< the metric, over the folds that are done
  trial_summary summary;  ///< all figures and the cost, over the same
  std::vector<trial_result> folds;
  std::vector<std::string> problems; ///< sentences about folds that failed
};

void describe(visitor& v, tuning_cell& x);

/// `tuning.json`.
struct tuning_report {
  std::uint32_t format = 1;
  std::string fugato; ///< version
  std::string command;
  std::string started;
  std::string table_sha256;
  std::string model;
  std::string split;
  bool leaky = false; ///< the split of the refit; the folds are of whole tracks where tracks are known
  search_settings search;
  bool higher_is_better = true;
  std::uint32_t trials = 0;         ///< cells times folds
  std::uint32_t trials_resumed = 0; ///< done by an earlier call
  std::uint32_t trials_failed = 0;
  double budget_minutes = 0; ///< 0: none
  bool stopped_by_budget = false;
  double wall_seconds = 0;      ///< of this call's search
  double cpu_seconds = 0;       ///< the same, of this process and the workers that it started
  double trial_cpu_seconds = 0; ///< of all trials, also those of earlier calls and of other machines
  dispatch_report dispatch;
  std::vector<tuning_cell> cells;             ///< in the order of the search
  std::vector<evaluation_report> evaluations; ///< of the best, learnt again from the whole training part
};

void describe(visitor& v, tuning_report& x);

/// Brings trials together by cell, and ranks the cells whose folds are all done by the mean of the metric; of equals
/// the earlier one is better.
/// @param results cell by cell, fold by fold, as by search_trials
std::vector<tuning_cell> tuning_cells(const std::vector<search_cell>& cells, const search_settings& settings,
                                      std::span<const std::optional<trial_result>> results);

/// The cell of rank 1; nothing when none has all folds.
const tuning_cell* best_of(const std::vector<tuning_cell>& cells);

/// "n_estimators=500 learning_rate=0.05: accuracy 0.5432 +- 0.0120"
std::string tuning_line(const tuning_cell& x, const search_settings& settings);

/// Best first; those without a rank last, in the order of the search.
std::vector<const tuning_cell*> best_first(const std::vector<tuning_cell>& cells);

/// The leaderboard, best first, below its heading; empty without cells.
std::vector<std::vector<std::string>> tuning_lines(const tuning_report& x);

/// The leaderboard and what the search cost.
std::string tuning_text(const tuning_report& x);

} // namespace fugato
