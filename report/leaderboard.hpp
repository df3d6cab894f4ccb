// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/trial_summary.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Models beside each other.
namespace fugato {

struct leaderboard_row {
  std::string model;
  std::vector<trial_summary> splits; ///< in the order of leaderboard::splits
  double published = 0;              ///< the report's accuracy at random chunks; 0: none
};

struct leaderboard {
  std::uint32_t format = 1;
  std::vector<std::string> splits;   ///< leaky kinds first, then in the order of the catalog
  std::vector<leaderboard_row> rows; ///< best first, by the first honest split
  std::vector<std::string> problems; ///< sentences about models that could not be tried
};

void describe(visitor& v, leaderboard_row& x);
void describe(visitor& v, leaderboard& x);

/// The accuracy that the report gives for a model, single 3.3 s chunks of GTZAN split
/// at random 70/30 (so LEAKY); nothing for a model that it does not have.
std::optional<double> published_accuracy(std::string_view model);

/// Brings trials together by model and kind of split.
leaderboard leaderboard_of(std::span<const trial_result> results);

/// A table for a terminal: accuracy by kind of split, mean +- standard deviation,
/// leaky ones marked; by track, and cost, of the first honest kind.
std::string leaderboard_text(const leaderboard& x);

} // namespace fugato
