// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "config/usage.hpp"
#include "models/dataset.hpp"
#include "models/metrics.hpp"
#include "models/settings.hpp"
#include "models/split.hpp"
#include "models/training.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The unit of work of leaderboards, repeated evaluation and tuning: one model,
/// one set of parameters, one split. Trials and their results are described, so
/// that they can be told as JSON.
namespace fugato {

struct trial {
  std::string model = "xgboost";
  std::string parameters = "{}"; ///< JSON of the section models.<model>; what it leaves out has its default
  split_settings split = {};     ///< paths must lead to the same files wherever the trial runs
  std::uint32_t part = 0;        ///< which split of the plan, see split_rows
  std::uint64_t seed = 0;        ///< of the model
  /// 0: judged by the test part. Else the test part is not looked at, and the model is judged by a part
  /// of the training rows (see inner_splits): 1: the `valid` rows or a fifth, more: fold `tuning_fold` of them.
  std::uint32_t tuning_folds = 0;
  std::uint32_t tuning_fold = 0;
  bool probabilities = false; ///< whether the result holds those of the rows that it is judged by
};

void describe(visitor& v, trial& x);

/// An evaluation in brief.
struct score_summary {
  std::uint64_t rows = 0;
  double accuracy = 0;
  interval accuracy_interval;
  double macro_f1 = 0;
  double weighted_f1 = 0;
  double log_loss = 0;
  double top3 = 0;
};

void describe(visitor& v, score_summary& x);

score_summary summary_of(const evaluation& x);

struct trial_result {
  std::string model;
  std::string split;  ///< kind
  bool leaky = false; ///< wherever this result is shown, so must this be
  std::uint32_t repeat = 0;
  std::uint32_t fold = 0;
  score_summary test_chunks;
  score_summary test_tracks; ///< rows = 0 in a table without tracks
  score_summary train_chunks;
  score_summary train_tracks;
  cost fit;
  cost predict;                      ///< of the test part
  std::vector<double> probabilities; ///< of the test part, row by row, when the trial asks for them
};

void describe(visitor& v, trial_result& x);

/// What a training has to tell as a trial.
trial_result summary_of(const training_result& x);

/// Runs a trial: a pure function but for the times, equal for any number of threads.
/// @param threads never exceeded; trials side by side want one each
/// @param cancel when set: stops soon, error(internal)
/// @throws error as `train` does, error(settings) for a trial whose model or
///         parameters are wrong
trial_result run_trial(const dataset& table, const trial& what, unsigned threads,
                       const std::atomic<bool>* cancel = nullptr);

/// The parameters of a model as a trial holds them.
std::string parameters_of(const model_settings& models, std::string_view model);

/// One trial for each split of the plan; repetition r has the model's seed + r too.
/// The first is what `train` with these settings does.
std::vector<trial> trials_of(const train_settings& settings, const model_settings& models);

/// The same of every model of the catalog, for each split of the plan and, beside it, of the first kind of split that
/// leaks where the plan's does not (and the other way round). Those that take longest come first.
std::vector<trial> rival_trials(const train_settings& settings, const model_settings& models);

} // namespace fugato
