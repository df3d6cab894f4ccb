// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"
#include "config/files.hpp"
#include "report/results.hpp"
#include "report/run_report.hpp"

#include <memory>
#include <optional>
#include <string>

/// What `fugato run` and `fugato train` have in common.
namespace fugato {

/// Learns from a table with every split of the plan, fills the report's part about
/// it, and writes split.csv, predictions.csv, metrics.json and model/ of the first. Where the table cannot be learnt
/// from, the report says why and nothing is written: what was extracted before is worth keeping.
void learn(session& actors, std::shared_ptr<const dataset> data, const run_settings& settings,
           const std::optional<line_settings>& origin, const staged_folder& folder, run_report& report);

/// A report and a manifest that know command, version, time and host.
run_report new_report();
manifest new_manifest(const run_report& report);

/// Writes config.resolved.json, manifest.json, report.json and report.txt, gives
/// the folder its name, and prints the report (or, with @p json, its JSON).
void conclude(const run_settings& settings, run_report& report, manifest& origin, staged_folder& folder, bool json);

/// `runs/<name>-<time>` for a run that was given no folder.
std::string default_folder(const std::string& name);

} // namespace fugato
