// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/shortage.hpp"
#include "config/version.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace fugato {
namespace {

struct options {
  std::string config;
  std::vector<std::string> assignments;
  std::string out;
  std::string resume;
  bool force = false;
  bool json = false;
  std::uint32_t allowed_failures = 0;
};

/// While a run goes on, what it has done lies beside the folder in the making.
std::string journal_path(const std::string& folder) { return folder + ".journal"; }

std::string folder_of(const options& x) { return !x.resume.empty() ? x.resume : x.out; }

/// A run is resumed as if typed where it was begun, so that paths read the same in what it writes.
listening_target target_of(const options& x) {
  if (x.resume.empty())
    return resolve_config(x.config, x.assignments);
  const std::string path = journal_path(x.resume);
  const run_identity known = identity_in(path);
  std::error_code problem;
  std::filesystem::current_path(known.folder, problem);
  if (problem)
    throw error(errc::usage, path + ": the run was begun in " + known.folder +
                                 ", which must be there to go on: " + problem.message());
  return target_of(parse_settings(known.config, path, x.assignments), path);
}

/// @throws error(usage) when an interrupted run lies there and is not to be resumed
void make_room(const options& x, const std::string& path) {
  if (!x.resume.empty() || !std::filesystem::exists(path))
    return;
  if (!x.force && !is_empty_journal(path))
    throw error(errc::usage, path + ": must not exist, but an interrupted run left it; `fugato run --resume " +
                                 folder_of(x) + "` goes on with it, --force begins anew");
  journal_writer{path}.remove(); // refused while its run goes on
}

std::shared_ptr<run_journal> open_journal(const options& x, const listening_target& target) {
  const std::string path = journal_path(folder_of(x));
  make_room(x, path);
  make_room_for(path);
  const run_settings& settings = target.settings;
  return std::make_shared<run_journal>(path,
                                       run_identity{run_identity{}.format, build_identity(), to_json(settings.line),
                                                    corpus_digest(*target.tracks),
                                                    static_cast<std::uint32_t>(target.tracks->size()),
                                                    std::filesystem::current_path().string(), to_json(settings)},
                                       target.tracks);
}

/// The run was told to stop while it measured: what it has is in the journal.
outcome leave(const interruption& stopping, run_journal& journal, const run_report& report, const std::string& out) {
  journal.closed();
  write_file(out + ".interrupted.json", to_json(report));
  warn("stopped; to go on: fugato run --resume " + out);
  return stopping.asked() ? static_cast<outcome>(128 + stopping.signal()) : outcome::out_of_workers;
}

void tell_earlier(const earlier_runs& before, std::uint64_t dropped) {
  if (!before.done.empty() || !before.failed.empty())
    note(fmt::format("going on after {} tracks", before.done.size() + before.failed.size()));
  if (dropped > 0)
    warn(fmt::format("the last {} bytes of the journal had not reached the medium, and are dropped: what they told is "
                     "done again",
                     dropped));
  if (before.changed > 0)
    warn(fmt::format("{} tracks have changed since they were measured, and are measured again", before.changed));
  if (before.touched > 0)
    warn(fmt::format("{} tracks that failed are tried again, since their files have been touched", before.touched));
  if (before.unseen > 0)
    warn(fmt::format("{} tracks that were measured cannot be read from here: they are taken to be what they were",
                     before.unseen));
}

/// Tells a run's results from others that may lie in the same place.
std::string mark_of(const manifest& x) { return x.started + " " + x.table_sha256; }

/// Whether the run ended between the appearance of its folder and the removal of its journal.
bool was_finished(const earlier_runs& before, const std::string& out) {
  if (before.finishing.empty() || !std::filesystem::exists(out + "/manifest.json"))
    return false;
  manifest found;
  read_json_file(out + "/manifest.json", description_of(found));
  return mark_of(found) == before.finishing;
}

std::string kept_in(const std::string& out) {
  return "what was measured is kept; to go on: fugato run --resume " + out;
}

/// Whoever ends the run does not blame the tracks that are in hand. A medium that hangs is not waited for.
void close_soon(const std::shared_ptr<run_journal>& journal) {
  const auto done = std::make_shared<std::promise<void>>();
  std::thread([journal, done] {
    try {
      journal->closed();
    } catch (const std::exception&) { // they are blamed
    }
    done->set_value();
  }).detach();
  done->get_future().wait_for(std::chrono::seconds(1));
}

/// What goes on while the journal is there.
outcome work(const options& x, const listening_target& target, staged_folder& folder,
             const std::shared_ptr<run_journal>& journal, run_report& report) {
  manifest origin = new_manifest(report);
  const std::string& out = folder.target();
  const auto clean = [&out, journal] {
    remove_unfinished();
    close_soon(journal);
    warn("ended at once; to go on: fugato run --resume " + out);
  };
  const last_words words{kept_in(out)};
  interruption stopping{clean, [](int) { note("stopping"); }};
  session actors{in_folder(target.settings.dispatch, folder), note};
  stopping.work_stops_by_itself(true);
  extract_control control{[&] { return stopping.asked(); }, journal, nullptr};
  control.give_up = [&] {
    try {
      write_file(out + ".interrupted.json", to_json(report));
    } catch (const std::exception& e) { // then the run ends without
      warn(e.what());
    }
    stopping.end();
  };
  const auto data = measure(actors, target, folder, report, origin, control);
  stopping.work_stops_by_itself(false);
  if (!data || stopping.asked())
    return leave(stopping, *journal, report, out);
  journal->flush();
  learn(actors, data, target.settings, target.settings.line, folder, report);
  journal->finishing(mark_of(origin));
  conclude(target.settings, report, origin, folder);
  journal->remove();
  std::filesystem::remove(out + ".interrupted.json");
  print(x.json ? to_json(report) : report_text(report));
  if (!report.training.problem.empty()) {
    complain(report.training.problem);
    return outcome::failed;
  }
  return report.extraction.failed > x.allowed_failures ? outcome::incomplete : outcome::good;
}

outcome run(const options& x) {
  run_report report = new_report();
  const stopwatch listing;
  const listening_target target = target_of(x);
  report.add_phase("list", listing.elapsed());
  const auto journal = open_journal(x, target);
  tell_earlier(journal->before(), journal->dropped());
  if (was_finished(journal->before(), folder_of(x))) {
    journal->remove();
    note("was done already: " + folder_of(x));
    return outcome::good;
  }
  try {
    remove_remains(folder_of(x)); // while the journal is ours, no other is at work there
    staged_folder folder{folder_of(x), x.force};
    return work(x, target, folder, journal, report);
  } catch (...) {
    if (!journal->holds_rows())
      journal->remove();
    else if (std::filesystem::exists(journal_path(folder_of(x)))) // it may have been removed with all around it
      warn(kept_in(folder_of(x)));
    throw;
  }
}

} // namespace

void add_run(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("run", "The whole pipeline: listen, measure, learn, judge, report");
  auto* config = command->add_option("config", x->config, "A JSON configuration");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  add_isa(*command, x->assignments);
  auto* out = command->add_option("--out", x->out, "The run folder (default: runs/<config>-<time>)");
  command->add_option("--resume", x->resume, "Go on with the run that was to make this folder and was interrupted")
      ->excludes(config)
      ->excludes(out);
  command->add_flag("--force", x->force, "Replace the run folder when it exists");
  command->add_flag("--json", x->json, "Print the report as JSON");
  command->add_option("--allow-failures", x->allowed_failures, "Exit 0 with up to this many failed tracks");
  command->callback([x, &result] {
    if (x->config.empty() && x->resume.empty())
      throw error(errc::usage, "run must be told what to do: a configuration, or --resume FOLDER");
    if (!x->resume.empty())
      x->resume = std::filesystem::absolute(x->resume).lexically_normal().string();
    else if (x->out.empty())
      x->out = default_folder(x->config);
    result = run(*x);
  });
}

} // namespace fugato
