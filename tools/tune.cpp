// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/read_text.hpp"
#include "config/shortage.hpp"
#include "report/trial_log.hpp"
#include "report/tuning.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/searching.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <csignal>
#include <filesystem>
#include <memory>

namespace fugato {
namespace {

namespace fs = std::filesystem;

struct options {
  std::string input;
  std::string config;
  std::vector<std::string> assignments;
  std::string out;
  double budget_minutes = 0;
  bool resume = false;
  bool force = false;
  bool json = false;
  std::uint32_t allowed_failures = 0;
};

/// A lone `.json` is a configuration that names a corpus, anything else a table.
bool names_corpus(const options& x) { return x.input.ends_with(".json"); }

listening_target target_of(const options& x) {
  if (names_corpus(x) && !x.config.empty())
    throw error(errc::usage, "--config must stand alone, but " + x.input + " is a configuration too");
  if (x.resume && x.out.empty())
    throw error(errc::usage, "--resume needs --out, the run folder of the search that goes on");
  listening_target result = names_corpus(x) ? resolve_config(x.input, x.assignments)
                                            : listening_target{load_settings(x.config, x.assignments), {}, ""};
  result.settings = with_absolute_paths(result.settings); // trials are the same whatever folder they are resumed from
  return result;
}

/// `folder` with nothing behind its name.
std::string without_slashes(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/')
    folder.pop_back();
  return folder;
}

/// Where trials are kept while the search goes on: beside the run folder, which does not exist before the end.
/// A search that has its folder, say because its budget ended, is taken up from there.
std::unique_ptr<trial_log> open_log(const options& x, const std::string& target) {
  const std::string path = target + ".trials.jsonl";
  const std::string finished = target + "/trials.jsonl";
  if (x.resume && !fs::exists(path) && fs::exists(finished))
    write_file(path, read_text(finished, errc::usage));
  if (x.force && !x.resume)
    fs::remove(path);
  return std::make_unique<trial_log>(path, x.resume);
}

/// Of the table, and of the files that its split goes by: results of others must not be taken for this one's.
std::string fingerprint(const std::string& table_sha256, const split_settings& split) {
  std::string all = table_sha256;
  for (const std::string& path : {split.lists.train, split.lists.valid, split.lists.test, split.groups})
    all += path.empty() ? "" : "\n" + sha256_hex(read_text(path, errc::settings));
  return all == table_sha256 ? table_sha256 : sha256_hex(all);
}

/// Learns with the best cell's parameters. @throws error(bad_table) when that cannot be done
void refit(session& actors, const std::shared_ptr<const dataset>& data, const tuning_cell& best, run_settings& settings,
           const std::optional<line_settings>& origin, const staged_folder& folder, run_report& report) {
  hyper_parameters section{settings.models.at(settings.train.model)};
  read_json(best.parameters, {"the best cell", ""}, description_of(section));
  // the parameters were chosen by the first split's training rows, which other splits test with
  learn(actors, data, settings, origin, folder, report, plan_part::first);
  if (!report.training.problem.empty())
    throw error(errc::bad_table, report.training.problem);
}

std::string kept_beside(const staged_folder& folder) {
  return "to go on: the same with --resume --out " + folder.target();
}

/// The search was told to stop: what it has is in the log.
outcome leave(const interruption& stopping, const staged_folder& folder) {
  note("stopped; " + kept_beside(folder));
  return static_cast<outcome>(128 + stopping.signal());
}

/// What goes on while the log is ours. @param target its settings become the best ones
outcome work(const options& x, listening_target& target, const search_plan& plan, staged_folder& folder, trial_log& log,
             run_report& report) {
  manifest origin = new_manifest(report);
  run_settings& settings = target.settings;
  const last_words words{kept_beside(folder)};
  const auto clean = [&folder] {
    remove_unfinished();
    warn("ended at once; " + kept_beside(folder));
  };
  interruption stopping{clean, [](int) { note("stopping"); }};
  const auto asked = [&stopping] { return stopping.asked(); };
  session actors{in_folder(settings.dispatch, folder), note};
  stopping.work_stops_by_itself(true);
  extract_control control{asked, nullptr, nullptr};
  control.give_up = [&stopping] { stopping.end(); };
  const auto data = names_corpus(x) ? measure(actors, target, folder, report, origin, control)
                                    : read_given_table(x.input, report, origin);
  if (!data)
    return leave(stopping, folder);
  check(settings.tune, settings.train, *data);
  tuning_report tuning =
      search(actors, data, plan, settings, log,
             {fingerprint(origin.table_sha256, settings.train.split), x.budget_minutes, asked}, report);
  stopping.work_stops_by_itself(false);
  if (stopping.asked())
    return leave(stopping, folder);
  const tuning_cell* const best = best_of(tuning.cells);
  if (best == nullptr)
    throw error(errc::bad_model, "at least one cell must have all its folds, but " + why_incomplete(tuning));
  refit(actors, data, *best, settings, names_corpus(x) ? std::optional(settings.line) : std::nullopt, folder, report);
  tuning.table_sha256 = origin.table_sha256;
  tuning.evaluations = report.evaluations;
  write_file(folder.file("tuning.json"), to_json(tuning));
  write_file(folder.file("tuning.txt"), tuning_text(tuning));
  write_file(folder.file("trials.jsonl"), read_text(log.path(), errc::output));
  conclude(settings, report, origin, folder);
  fs::remove(log.path());
  print(x.json ? to_json(tuning) : tuning_text(tuning) + "\n" + report_text(report));
  return report.extraction.failed > x.allowed_failures ? outcome::incomplete : outcome::good;
}

outcome tune(const options& x) {
  run_report report = new_report();
  listening_target target = target_of(x);
  const search_plan plan = plan_search(target.settings);
  const std::string out = x.out.empty() ? default_folder(x.input) : without_slashes(x.out);
  make_room_for(out);
  const auto log = open_log(x, out);
  remove_remains(out); // while the log is ours, no other is at work there
  staged_folder folder{out, x.force || x.resume};
  return work(x, target, plan, folder, *log, report);
}

} // namespace

void add_tune(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand(
      "tune", "Search hyper-parameters by cross-validation, side by side; learn with the best from all training rows");
  command->add_option("input", x->input, "A configuration (.json) that names a corpus, or a feature table (CSV)")
      ->required();
  command->add_option("--config", x->config,
                      "Settings to use where the input is a table: tune, train, models, dispatch");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  add_isa(*command, x->assignments);
  command->add_option("--out", x->out, "The run folder (default: runs/<input>-<time>)");
  command->add_option("--budget", x->budget_minutes, "Minutes of the clock after which no further trial is begun")
      ->check(number_between(1e-9, 1e7));
  command->add_flag("--resume", x->resume, "Go on with the search that was to fill the folder --out, or did in part");
  command->add_flag("--force", x->force, "Replace the run folder when it exists, and forget an interrupted search");
  command->add_flag("--json", x->json, "Print tuning.json");
  command->add_option("--allow-failures", x->allowed_failures, "Exit 0 with up to this many failed tracks");
  command->callback([x, &result] { result = tune(*x); });
}

} // namespace fugato
