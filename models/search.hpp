// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "config/describe.hpp"
#include "models/dataset.hpp"
#include "models/trial.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The search for good hyper-parameters: which are tried, and what tells the better from the worse.
namespace fugato {

struct search_settings {
  std::string method = "grid";
  /// The report's grid, for its best model.
  std::vector<std::string> parameters = {"n_estimators=250,500,750,1000", "learning_rate=0.01,0.05,0.1"};
  std::uint32_t trials = 20; ///< cells of a random search
  std::uint32_t folds = 3;
  std::uint32_t seed = 0; ///< of a random search
  std::string metric = "accuracy";
};

void describe(visitor& v, search_settings& x);

/// One parameter that is varied, with a value.
struct search_choice {
  std::string name;
  std::string value; ///< as it is written in the settings
};

void describe(visitor& v, search_choice& x);

/// One set of parameters to try.
struct search_cell {
  std::vector<search_choice> choices;
  std::string parameters; ///< all of the model's, as a trial holds them
};

/// What values of a parameter are tried: those of a list, or any of a range.
struct parameter_space {
  std::string name;
  std::vector<std::string> values; ///< as they are written in the settings; empty: a range
  double low = 0;
  double high = 0;
  bool logarithmic = false; ///< equal shares for equal ratios
  bool whole = false;       ///< whole numbers only
};

/// One row of the catalog of methods.
struct search_method {
  std::string_view name;
  std::string_view summary;
  /// What is tried: a value for each space, in order. @throws error(settings) for spaces that do not suit
  std::vector<std::vector<std::string>> (*draw)(const std::vector<parameter_space>&, const search_settings&);
};

const catalog<search_method>& search_methods();

/// One row of the catalog of metrics: a figure of the rows that a trial is judged by.
struct search_metric {
  std::string_view name;
  std::string_view summary;
  bool higher_is_better;
  score_summary trial_result::*level;
  double score_summary::*figure;

  double of(const trial_result& x) const { return (x.*level).*figure; }
  bool better(double a, double b) const { return higher_is_better ? a > b : a < b; }
};

const catalog<search_metric>& search_metrics();

/// The cells of the search, all different: of a grid in the order of nested loops, the last
/// parameter's innermost; of a random search as they were drawn.
/// @throws error(settings) naming the place in the settings, for parameters that the model does not have
///         and values that it does not take
std::vector<search_cell> search_cells(const search_settings& settings, const std::string& model,
                                      const model_settings& models);

/// The trials of all cells, cell by cell and fold by fold. They are judged by parts of the training
/// rows of the plan's first split; its test rows stay unseen.
std::vector<trial> search_trials(const std::vector<search_cell>& cells, const search_settings& settings,
                                 const train_settings& how);

/// Whether such a search can be made in a table, so that a mistake shows before the work begins.
/// @throws error(bad_table) when it cannot be parted into folds, error(settings) when it lacks what the metric needs
void check(const search_settings& settings, const train_settings& how, const dataset& table);

} // namespace fugato
