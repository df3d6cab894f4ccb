// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trial.hpp"
#include "models/uncertainty.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace fugato {

/// Trials of one model over the splits of one plan, together.
struct trial_summary {
  std::string model;
  std::string split;
  bool leaky = false;
  std::uint32_t trials = 0;
  figure_spread accuracy; ///< test part, by chunk
  figure_spread macro_f1;
  figure_spread log_loss;
  figure_spread track_accuracy; ///< test part, by track; values = 0 in a table without tracks
  figure_spread track_macro_f1;
  figure_spread train_accuracy; ///< training part, by chunk
  cost fit;                     ///< mean of a trial
  cost predict;
};

void describe(visitor& v, trial_summary& x);

/// @param results of one model and one kind of split
trial_summary summarise(std::span<const trial_result> results);

} // namespace fugato
