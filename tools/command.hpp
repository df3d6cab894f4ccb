// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/// The subcommands: one file each. Data goes to stdout, everything else to
/// stderr (tools/terminal.hpp).
namespace fugato {

/// What the program tells its caller by its exit code.
enum class outcome : int {
  good = 0,
  failed = 1,          ///< nothing usable came out
  misused = 2,         ///< command line or configuration wrong; nothing was created
  incomplete = 3,      ///< done, but some tracks failed
  out_of_workers = 75, ///< no worker was there for too long; can be resumed
  unwritten = 74,      ///< a result could not be written; a run can be resumed
  hung_up = 129,       ///< stopped by SIGHUP; can be resumed
  interrupted = 130,   ///< stopped by SIGINT; can be resumed
  terminated = 143,    ///< stopped by SIGTERM; can be resumed
};

/// Adds itself to the command line; when chosen, runs and sets the outcome.
void add_run(CLI::App& app, outcome& result);
void add_extract(CLI::App& app, outcome& result);
void add_train(CLI::App& app, outcome& result);
void add_tune(CLI::App& app, outcome& result);
void add_report(CLI::App& app, outcome& result);
void add_predict(CLI::App& app, outcome& result);
void add_tag(CLI::App& app, outcome& result);
void add_config(CLI::App& app, outcome& result);
void add_list(CLI::App& app, outcome& result);
void add_explore(CLI::App& app, outcome& result);
void add_describe(CLI::App& app, outcome& result);
void add_corpus(CLI::App& app, outcome& result);
/// @param corpus the command `corpus`
void add_corpus_from_tags(CLI::App& corpus, outcome& result);
void add_demo_corpus(CLI::App& app, outcome& result);
void add_cache(CLI::App& app, outcome& result);
void add_compare(CLI::App& app, outcome& result);
void add_worker(CLI::App& app, outcome& result);
void add_simulate(CLI::App& app, outcome& result);
void add_certificates(CLI::App& app, outcome& result);

/// Refuses an option's number below or above these; NaN too, which CLI::Range lets pass.
CLI::Validator number_between(double low, double high);

/// Adds --isa, short for --set features.isa=NAME.
void add_isa(CLI::App& command, std::vector<std::string>& assignments);

/// Fugato's and its libraries' versions, as (name, version).
std::vector<std::pair<std::string, std::string>> versions();

/// The command line as it was typed, for manifests; set by main.
const std::string& command_line();

} // namespace fugato
