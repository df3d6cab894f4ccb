// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"
#include "audio/track_list.hpp"
#include "config/files.hpp"
#include "report/results.hpp"
#include "report/run_report.hpp"

#include <memory>
#include <string>
#include <vector>

/// What the commands that extract features have in common.
namespace fugato {

/// Extracts with a progress line on stderr, names the failed tracks there, and
/// fills the report's part about it.
///
/// @param base folder that all tracks lie beneath; empty: the root
extraction listen(session& actors, const std::shared_ptr<const track_list>& corpus, const line_settings& settings,
                  const dispatch_settings& dispatch, const std::string& base, run_report& report,
                  const extract_control& control = {});

/// What became of handing out so many tasks, for a report.
dispatch_report dispatch_report_of(const dispatch_notes& x, const dispatch_settings& settings, std::uint32_t tasks);

/// What is listened to, for the report.
corpus_report corpus_of(const std::string& path, const track_list& tracks);

/// Writes the run's spans as a trace that Perfetto opens: a row a line.
void write_trace(const std::string& path, const extraction& x, const track_list& tracks);

/// At most so many tracks, taken from the genres in turn; ids count anew.
track_list spread(const track_list& tracks, std::size_t most);

/// What to listen to, and how.
struct listening_target {
  run_settings settings;
  std::shared_ptr<const track_list> tracks;
  std::string base; ///< folder that all tracks lie beneath; empty: the root
};

/// The corpus that a configuration names. @throws error(settings), or of the corpus
listening_target resolve_config(const std::string& config, const std::vector<std::string>& assignments);

/// The corpus that settings name. @param name of where they come from, for errors
listening_target target_of(run_settings settings, const std::string& name);

/// Listens to a corpus, and writes trace.json, failures.csv and the features; report and manifest learn of it.
/// @returns null when it was to stop before all was done
std::shared_ptr<const dataset> measure(session& actors, const listening_target& target, const staged_folder& folder,
                                       run_report& report, manifest& origin, const extract_control& control = {});

/// A lone `.json` argument is a configuration, anything else is audio: a
/// folder, a list file, files.
/// @param config settings to use where @p inputs are audio; may be empty
/// @throws error(settings), error(usage), or of the corpus
listening_target resolve_inputs(const std::vector<std::string>& inputs, const std::string& config,
                                const std::vector<std::string>& assignments);

} // namespace fugato
