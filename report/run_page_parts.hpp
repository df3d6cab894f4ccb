// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/run_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The sections of the run page; HTML, each empty where the run has nothing of it.
namespace fugato {

/// Accuracy and more by part and level, and over the plan's splits.
std::string scores_section(const run_report& x);

/// Models beside each other.
std::string leaderboard_section(const leaderboard& x);

/// What each parameter that was searched does to the metric, and all that was tried, best first.
std::string tuning_section(const tuning_report& x);

/// What was taken for what: counts and shares, by track and by chunk, with the tracks behind each cell.
std::string confusion_section(const run_report& x, const judged_rows& tested);

/// Precision, recall and F1 of each class.
std::string classes_section(const run_report& x);

/// What the model goes by.
std::string importance_section(const training_report& x);

/// What was tested and not recognised, the surest mistakes first.
std::string mistakes_section(const run_report& x, const judged_rows& tested);

/// Failures, warnings and recordings that are there twice.
std::string failures_section(const run_folder& x);

/// Phases, CPU, memory, and which line worked on what.
std::string cost_section(const run_folder& x);

/// Command, versions, hashes.
std::string origin_section(const run_folder& x);

/// Something that was tested: a track with its rows together, or a row by itself.
struct judged {
  std::string name;
  std::uint32_t rows = 1;
  std::uint32_t right = 0; ///< rows that were recognised
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  std::vector<float> probabilities; ///< by label
};

/// By track where the table names tracks, else by row.
std::vector<judged> judged_tracks(const judged_rows& tested);

std::vector<judged> judged_chunks(const judged_rows& tested);

} // namespace fugato
