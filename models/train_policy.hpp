// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "models/settings.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace fugato {

/// Where a model is learnt, and why if that was not said.
struct train_place {
  bool on_ranks = false;
  std::string note; ///< a sentence for the report, or empty
};

/// One row of the catalog of train policies.
struct train_policy {
  std::string_view name;
  std::string_view summary;
  /// Throws error(settings) unless the model can be learnt so.
  void (*check)(const classifier& model, const std::string& name);
  /// @param elsewhere whether ranks would have the cores of other machines
  train_place (*decide)(const classifier& model, std::size_t rows, std::size_t columns, bool elsewhere);
};

const catalog<train_policy>& train_policies();

/// Whether `train.policy` suits the model, so that a mistake shows before the work begins.
/// @throws error(settings) naming the setting and the model
void check(const train_settings& settings, const model_settings& models);

/// Numbers of a table (rows x columns) from which `auto` has it learnt by ranks of other machines. Measured for XGBoost
/// (57 columns, 10 classes): a round costs about 65 ms and 2.2 us a row in one process, and each rank 80 ms more. So
/// two machines of 2 cores each are quicker than one from 0.12 million rows (7 million numbers) on, of 16 cores from
/// 1.1 million (65 million); on one machine ranks only add to the work of its threads. See docs/design.md.
constexpr std::size_t cells_worth_ranks = 50'000'000;

} // namespace fugato
