// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/leaderboard.hpp"
#include "report/results.hpp"
#include "report/run_report.hpp"
#include "report/trace.hpp"
#include "report/tuning.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A run folder read back.
namespace fugato {

/// What the model said of the rows that it was tested with: part of predictions.csv.
struct judged_rows {
  std::vector<std::string> labels;
  std::vector<std::string> track_names; ///< empty in a table without tracks
  std::vector<std::uint32_t> tracks;    ///< a row: index into track_names; empty when that is
  std::vector<std::uint32_t> numbers;   ///< a row: its number in the table
  std::vector<std::uint32_t> truth;     ///< a row: index into labels
  std::vector<float> probabilities;     ///< rows x labels
};

/// A record of failures.csv.
struct failed_track {
  std::string path;
  std::string reason; ///< code
  std::string sentence;
};

struct run_folder {
  run_report report;
  manifest origin;
  judged_rows tested;
  std::vector<failed_track> failures;
  std::vector<trace_event> stream;
  std::optional<leaderboard> board;
  std::optional<tuning_report> tuning;
};

/// @param name of the text, for errors. @throws error(bad_table) naming the line
judged_rows parse_predictions(const std::string& text, const std::string& name);
std::vector<failed_track> parse_failures(const std::string& text, const std::string& name);

/// Files other than report.json and manifest.json may be missing: not every run makes all.
/// @throws error(usage) when it is no run folder, error(bad_table) or error(settings) naming the damaged file
run_folder read_run_folder(const std::string& path);

} // namespace fugato
