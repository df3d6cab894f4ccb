// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "config/json.hpp"
#include "report/leaderboard.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

namespace fugato {
namespace {

constexpr const char* every_model = "all";

struct options {
  std::string table;
  std::string config;
  std::vector<std::string> assignments;
  std::string model;
  std::optional<std::uint32_t> repeats;
  bool first_split = false;
  std::string out;
  bool force = false;
  bool json = false;
};

run_settings settings_of(const options& x) {
  constexpr std::uint32_t rivals_repeats = 2; // the fewest that show how much the figures scatter
  run_settings settings = load_settings(x.config, x.assignments);
  split_settings& split = settings.train.split;
  if (x.model == every_model)
    split.repeats = std::max(split.repeats, rivals_repeats);
  else if (!x.model.empty())
    settings.train.model = models().at(x.model).name;
  split.repeats = x.repeats.value_or(split.repeats);
  return settings;
}

/// What could not be tried, each sentence once.
std::vector<std::string> problems_of(const trial_outcomes& x, const std::vector<trial>& trials) {
  std::vector<std::string> result;
  std::vector<std::string> seen;
  for (const trial_failure& failed : x.failures)
    if (std::find(seen.begin(), seen.end(), failed.sentence) == seen.end()) {
      seen.push_back(failed.sentence);
      const trial& what = trials[failed.trial];
      result.push_back(fmt::format("{}, {}: {}", what.model, what.split.kind, failed.sentence));
    }
  return result;
}

/// Tries all models side by side. @throws error when none can be tried
leaderboard compare_models(session& actors, const std::shared_ptr<const dataset>& data, const run_settings& settings,
                           run_report& report) {
  split_rows(*data, settings.train.split); // where even the plan's own split cannot be made, say so at once
  const std::vector<trial> trials = rival_trials(with_absolute_paths(settings).train, settings.models);
  const auto count = static_cast<std::uint32_t>(trials.size());
  const stopwatch watch;
  trial_outcomes outcomes;
  {
    progress_line line{"comparing", "trials"};
    std::uint32_t done = 0;
    outcomes = actors.run_trials(data, trials, [&](std::uint32_t, const trial_result& x) {
      line.say(fmt::format("{}, {} {}{}: accuracy {:.4f}, {:.1f} s of CPU", x.model, x.split, x.repeat + 1,
                           x.leaky ? " (LEAKY)" : "", x.test_chunks.accuracy,
                           x.fit.cpu_seconds + x.predict.cpu_seconds));
      line.show({count, ++done, 0, 0});
    });
  }
  std::vector<trial_result> results;
  for (const auto& x : outcomes.results)
    if (x)
      results.push_back(*x);
  if (results.empty())
    throw error(outcomes.failures.front().reason, outcomes.failures.front().sentence);
  report.add_phase("compare", with_workers(watch.elapsed(), outcomes.dispatch));
  leaderboard board = leaderboard_of(results);
  board.problems = problems_of(outcomes, trials);
  return board;
}

outcome train_from_table(const options& x) {
  run_report report = new_report();
  manifest origin = new_manifest(report);
  run_settings settings = settings_of(x);
  const auto data = read_given_table(x.table, report, origin);
  staged_folder folder{x.out.empty() ? default_folder(x.table) : x.out, x.force};
  const interruption stopping{remove_unfinished, [](int) { note("stopped; nothing was written"); }};
  session actors{in_folder(settings.dispatch, folder), note};
  std::optional<leaderboard> board;
  if (x.model == every_model) {
    board = compare_models(actors, data, settings, report);
    settings.train.model = board->rows.front().model;
    write_file(folder.file("leaderboard.json"), to_json(*board));
    write_file(folder.file("leaderboard.txt"), leaderboard_text(*board));
  }
  // the board has judged the best model by the plan's other splits already
  const plan_part part = board || x.first_split ? plan_part::first : plan_part::whole;
  learn(actors, data, settings, std::nullopt, folder, report, part);
  if (!report.training.problem.empty())
    throw error(errc::bad_table, report.training.problem);
  conclude(settings, report, origin, folder);
  if (x.json)
    print(board ? to_json(*board) : to_json(report));
  else
    print((board ? leaderboard_text(*board) + "\n" : "") + report_text(report));
  return outcome::good;
}

} // namespace

void add_train(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("train", "Learn from a feature table: any numeric columns and `label`, "
                                                  "optionally `file_name` or `filename` that tells the track");
  command->add_option("table", x->table, "A CSV")->required();
  command->add_option("--config", x->config, "Settings: the sections train, models and dispatch count");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->add_option("--model", x->model,
                      "Override train.model; all: every model by the plan's split and a leaky one, a leaderboard, and "
                      "the best model by the split that does not leak");
  command->add_option("--repeats", x->repeats, "Override train.split.repeats (default with --model all: at least 2)")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--first-split", x->first_split,
                    "Judge the model by the plan's first split only, whatever repeats and folds it has");
  command->add_option("--out", x->out, "The run folder (default: runs/<table>-<time>)");
  command->add_flag("--force", x->force, "Replace the run folder when it exists");
  command->add_flag("--json", x->json, "Print the report (with --model all: the leaderboard) as JSON");
  command->callback([x, &result] { result = train_from_table(*x); });
}

} // namespace fugato
