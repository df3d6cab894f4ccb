// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/usage.hpp"
#include "models/dataset.hpp"
#include "models/metrics.hpp"
#include "models/settings.hpp"
#include "models/split.hpp"
#include "models/trained.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace fugato {

/// How the model does on one side of the split.
struct part_result {
  std::vector<float> probabilities; ///< rows of the part x classes
  evaluation chunks;                ///< each row by itself
  evaluation tracks;                ///< the rows of each track together (mean probability); rows = 0 without tracks
};

/// What it took to have a model learnt by ranks; all 0 for one that was learnt in this process.
struct rank_costs {
  std::uint32_t ranks = 0;
  double startup_wall_seconds = 0; ///< until every rank had its rows
  double startup_cpu_seconds = 0;
  std::uint64_t peak_rss_bytes = 0; ///< summed over the processes that were started
  std::uint64_t messages = 0;   ///< of the leader's with them; what ranks tell each other is XGBoost's and not counted
  std::uint64_t wire_bytes = 0; ///< of these
};

void describe(visitor& v, rank_costs& x);

/// What is to be told of a fit.
struct fitted {
  double cpu_seconds_elsewhere = 0; ///< CPU that other processes spent on it
  std::vector<std::string> notes;   ///< sentences for the report
  rank_costs ranks;
};

/// Fits a model to scaled rows, wherever.
using fitter = std::function<fitted(classifier& model, const samples& rows, const fit_context& context)>;

/// In this process.
fitted fit_here(classifier& model, const samples& rows, const fit_context& context);

struct training_result {
  trained_model model; ///< its audio settings are the caller's to fill in
  split parts;
  part_result train;
  part_result test;
  cost fit;
  cost predict;                   ///< of the test part
  std::vector<std::string> notes; ///< about the fit
  rank_costs ranks;
};

/// Standardises the table by its training part, fits a clone of the model's
/// prototype to that part, and evaluates both parts. A pure function of its
/// arguments but for the times: equal results for any number of threads.
///
/// Early stopping goes by the split's `valid` rows, or sets aside a fifth of the
/// training part (see inner_splits). The test part is for testing only.
///
/// With one thread, the CPU time is the calling thread's, so that what others of
/// the process do meanwhile does not count; with more, it is the process's.
/// @param parts of the table, by settings.split
/// @param threads never exceeded
/// @param cancel when set: stops soon, error(internal)
/// @param tell is told after each step of the fit; may be empty
/// @param fit how the model is fitted
/// @throws error(bad_table) for a table without labels or that cannot be split,
///         error(bad_model) for what the model cannot learn from
training_result train(const dataset& table, split parts, const train_settings& settings, const model_settings& models,
                      unsigned threads, const std::atomic<bool>* cancel = nullptr,
                      const std::function<void(std::uint32_t done, std::uint32_t of)>& tell = {},
                      const fitter& fit = fit_here);

/// The same with the first split that the settings plan.
training_result train(const dataset& table, const train_settings& settings, const model_settings& models,
                      unsigned threads, const std::atomic<bool>* cancel = nullptr,
                      const std::function<void(std::uint32_t done, std::uint32_t of)>& tell = {},
                      const fitter& fit = fit_here);

} // namespace fugato
