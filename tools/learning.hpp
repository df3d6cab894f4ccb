// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"
#include "config/files.hpp"
#include "report/results.hpp"
#include "report/run_report.hpp"

#include <memory>
#include <optional>
#include <string>

/// What `fugato run`, `fugato train` and `fugato tune` have in common.
namespace fugato {

/// Reads a table; report and manifest learn of it. @throws error(bad_table)
std::shared_ptr<const dataset> read_given_table(const std::string& path, run_report& report, manifest& origin);

/// The settings with the ticket for workers in the run folder, unless they name another place.
dispatch_settings in_folder(dispatch_settings settings, const staged_folder& folder);

/// What work cost with the workers that were started for it.
cost with_workers(cost own, const dispatch_notes& notes);

/// Whose splits of the plan a model is judged by.
enum class plan_part {
  whole,
  first, ///< only that of the saved model
};

/// Learns from a table with the splits of the plan, fills the report's part about
/// it, and writes split.csv, predictions.csv, metrics.json and model/ of the first. Where the table cannot be learnt
/// from, the report says why and nothing is written: what was extracted before is worth keeping.
void learn(session& actors, std::shared_ptr<const dataset> data, const run_settings& settings,
           const std::optional<line_settings>& origin, const staged_folder& folder, run_report& report,
           plan_part part = plan_part::whole);

/// A report and a manifest that know command, version, time and host.
run_report new_report();
manifest new_manifest(const run_report& report);

/// The settings with paths that hold from everywhere.
run_settings with_absolute_paths(run_settings settings);

/// Writes config.resolved.json, manifest.json, report.json, report.txt and report.html, and gives
/// the folder its name.
void conclude(const run_settings& settings, run_report& report, manifest& origin, staged_folder& folder);

/// Removes what killed runs have left: folders in the making that were to become @p out.
void remove_remains(const std::string& out);

/// Makes the folder that is to hold @p path. @throws error(output)
void make_room_for(const std::string& path);

/// `runs/<name>-<time>` for a run that was given no folder.
std::string default_folder(const std::string& name);

} // namespace fugato
