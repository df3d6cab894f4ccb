// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/learning.hpp"

#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "config/version.hpp"
#include "models/permutation.hpp"
#include "models/table.hpp"
#include "models/trial_summary.hpp"
#include "report/run_page.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <set>

namespace fugato {
namespace {

std::uint64_t count_tracks(const dataset& data, const std::vector<std::uint32_t>& rows) {
  std::set<std::uint32_t> seen;
  if (!data.track_names.empty())
    for (const std::uint32_t row : rows)
      seen.insert(data.tracks[row]);
  return seen.size();
}

training_report summary(const training_result& x, const dataset& data, const train_settings& how) {
  training_report result;
  result.model = x.model.name;
  result.split = x.parts.kind;
  result.plan = split_kinds().at(x.parts.kind).how(how.split);
  result.notes = x.parts.notes;
  result.notes.insert(result.notes.end(), x.notes.begin(), x.notes.end());
  result.leaky = x.parts.leaky;
  result.seed = how.split.seed;
  result.train_rows = x.parts.train.size();
  result.test_rows = x.parts.test.size();
  result.train_tracks = count_tracks(data, x.parts.train);
  result.test_tracks = count_tracks(data, x.parts.test);
  result.fit_wall_seconds = x.fit.wall_seconds;
  result.fit_cpu_seconds = x.fit.cpu_seconds;
  result.ranks = x.ranks;
  return result;
}

/// What the model goes by: as it tells itself, else by permutation.
void weigh_columns(const training_result& x, const dataset& data, unsigned threads, training_report& report) {
  constexpr std::size_t most_rows = 200; // enough to rank columns; the rows times columns are predicted once each
  std::vector<double> weights = x.model.learnt->importance();
  report.importance_kind =
      "Each column's share of what all splits of the trees gain: the total gain in XGBoost, the "
      "decrease of Gini impurity in a forest. Of columns that say the same, one may have all of it.";
  if (weights.empty()) {
    const auto rows = spread_rows(x.parts.test, most_rows);
    weights = permutation_importance(x.model, data, rows, 0, threads);
    report.importance_kind = fmt::format(
        "By permutation: how much the log loss on {} rows of the test part grows when a column's values are shuffled "
        "among them. Columns that say the same share their weight; below 0, the model does without.",
        rows.size());
  }
  for (std::size_t i = 0; i < weights.size(); ++i)
    report.importance.push_back({x.model.columns[i], weights[i]});
  std::stable_sort(report.importance.begin(), report.importance.end(),
                   [](const column_weight& a, const column_weight& b) { return a.weight > b.weight; });
}

std::vector<evaluation_report> evaluations(const training_result& x) {
  std::vector<evaluation_report> result;
  for (const auto& [name, part] : {std::pair("test", &x.test), std::pair("train", &x.train)}) {
    result.push_back({name, "chunk", x.parts.leaky, part->chunks});
    if (part->tracks.rows > 0)
      result.push_back({name, "track", x.parts.leaky, part->tracks});
  }
  return result;
}

/// The rest of the plan's splits, side by side; one that cannot be used becomes a note.
void repeat(session& actors, const training_result& first, const std::shared_ptr<const dataset>& data,
            const run_settings& settings, run_report& report) {
  std::vector<trial> trials = trials_of(with_absolute_paths(settings).train, settings.models);
  if (trials.size() < 2)
    return;
  trials.erase(trials.begin()); // is what `first` did
  const auto count = static_cast<std::uint32_t>(trials.size());
  const stopwatch watch;
  trial_outcomes rest;
  {
    progress_line line{"repeating", "splits"};
    std::uint32_t done = 0;
    rest = actors.run_trials(data, trials, [&](std::uint32_t, const trial_result&) {
      line.show({count, ++done, 0, 0});
    });
  }
  report.repeated.splits = {summary_of(first)};
  for (const auto& result : rest.results)
    if (result)
      report.repeated.splits.push_back(*result);
  for (const trial_failure& x : rest.failures)
    report.training.notes.push_back(fmt::format("split {} of {} was left out: {}", x.trial + 2, count + 1, x.sentence));
  report.repeated.summary = summarise(report.repeated.splits);
  report.add_phase("repeat", with_workers(watch.elapsed(), rest.dispatch));
}

} // namespace

std::shared_ptr<const dataset> read_given_table(const std::string& path, run_report& report, manifest& origin) {
  const stopwatch reading;
  const std::string text = read_text(path, errc::bad_table);
  origin.table_sha256 = sha256_hex(text);
  auto data = std::make_shared<const dataset>(parse_table(text, path));
  report.add_phase("read", reading.elapsed());
  report.corpus = {path, static_cast<std::uint32_t>(data->track_names.size()), data->label_names, false};
  report.extraction.rows = data->rows();
  report.extraction.columns = static_cast<std::uint32_t>(data->width());
  return data;
}

dispatch_settings in_folder(dispatch_settings settings, const staged_folder& folder) {
  if (settings.join_file.empty())
    settings.join_file = folder.file("cluster.json");
  return settings;
}

cost with_workers(cost own, const dispatch_notes& notes) {
  own.cpu_seconds += 1e-9 * static_cast<double>(notes.startup_cpu_ns + notes.worker_cpu_ns);
  return own;
}

void learn(session& actors, std::shared_ptr<const dataset> data, const run_settings& settings,
           const std::optional<line_settings>& origin, const staged_folder& folder, run_report& report,
           plan_part part) {
  const stopwatch watch;
  std::shared_ptr<const training_result> result;
  try {
    progress_line line{"learning", "steps"};
    result = actors.train(data, settings.train, settings.models, origin, [&](const progress& x) { line.show(x); });
  } catch (const error& e) {
    if (e.code() != errc::bad_table && e.code() != errc::bad_model && e.code() != errc::worker_lost)
      throw;
    report.training.problem = e.what();
  }
  report.add_phase("train", watch.elapsed());
  if (!result)
    return;
  report.training = summary(*result, *data, settings.train);
  report.evaluations = evaluations(*result);
  report.duplicates = find_duplicates(*data, result->parts);
  const stopwatch weighing;
  weigh_columns(*result, *data, core_budget(settings.dispatch), report.training);
  report.add_phase("weigh", weighing.elapsed());
  if (part == plan_part::whole)
    repeat(actors, *result, data, settings, report);
  write_file(folder.file("split.csv"), split_csv(*data, result->parts));
  write_file(folder.file("predictions.csv"), predictions_csv(*data, *result));
  write_file(folder.file("metrics.json"),
             to_json(metrics_report{result->model.name, result->parts.kind, result->parts.leaky, report.evaluations,
                                    report.repeated}));
  save_trained(result->model, folder.file("model"), this_build().version);
}

run_report new_report() {
  run_report result;
  result.fugato = this_build().version;
  result.command = command_line();
  result.started = utc_now();
  return result;
}

manifest new_manifest(const run_report& report) {
  manifest result;
  result.command = report.command;
  result.started = report.started;
  const build_info build = this_build();
  result.commit = build.commit;
  result.compiler = build.compiler;
  result.build_type = build.build_type;
  for (const auto& [name, version] : versions())
    result.versions.push_back({name, version});
  return result;
}

run_settings with_absolute_paths(run_settings settings) {
  split_settings& split = settings.train.split;
  for (std::string* path : {&settings.corpus, &split.lists.train, &split.lists.valid, &split.lists.test, &split.groups,
                            &settings.compare.table})
    if (!path->empty())
      *path = std::filesystem::absolute(*path).lexically_normal().string();
  return settings;
}

void conclude(const run_settings& settings, run_report& report, manifest& origin, staged_folder& folder) {
  const std::string config = to_json(with_absolute_paths(settings)); // so that it works from where it will lie
  report.host = this_host();
  report.peak_rss_bytes = peak_rss_bytes();
  origin.host = report.host;
  origin.config_sha256 = sha256_hex(config);
  write_file(folder.file("config.resolved.json"), config);
  write_file(folder.file("report.txt"), report_text(report));
  write_file(folder.file("report.json"), to_json(report));
  write_file(folder.file("manifest.json"), to_json(origin));
  try {
    write_run_page(folder.path());
  } catch (const error& e) { // all else is there, and the page can be made from it later
    warn(std::string("report.html is not written: ") + e.what());
  }
  folder.commit();
  note("results: " + folder.target());
}

void remove_remains(const std::string& out) {
  namespace fs = std::filesystem;
  const fs::path target = fs::absolute(out);
  const std::string beginning = target.filename().string() + ".partial-";
  std::vector<fs::path> found;
  for (const fs::directory_entry& each : fs::directory_iterator(target.parent_path()))
    if (each.path().filename().string().starts_with(beginning))
      found.push_back(each.path());
  for (const fs::path& each : found)
    fs::remove_all(each);
}

void make_room_for(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code problem;
  if (!parent.empty())
    std::filesystem::create_directories(parent, problem);
  if (problem)
    throw error(errc::output, printable(parent.string()) + ": must be a folder or be made one: " + problem.message());
}

std::string default_folder(const std::string& name) {
  return fmt::format("runs/{}-{:%Y%m%d-%H%M%S}", std::filesystem::path(name).stem().string(),
                     fmt::localtime(std::time(nullptr)));
}

} // namespace fugato
