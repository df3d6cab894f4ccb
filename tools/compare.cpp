// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/policy.hpp"
#include "audio/corpus.hpp"
#include "config/error.hpp"
#include "config/files.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "report/comparison_page.hpp"
#include "tools/command.hpp"
#include "tools/compare_cell.hpp"
#include "tools/demo_corpus.hpp"
#include "tools/learning.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

namespace fugato {
namespace {

namespace fs = std::filesystem;

struct options {
  std::string config;
  std::vector<std::string> assignments;
  std::string out;
  bool force = false;
  bool json = false;
};

std::string listing_hash(const run_settings& settings) { return corpus_digest(list_corpus(settings.corpus)); }

std::vector<std::string> arguments_of(const options& x, const run_settings& settings, const measured_cell& cell) {
  std::vector<std::string> result{"-q", "extract", x.config};
  for (const std::string& assignment : x.assignments)
    result.insert(result.end(), {"--set", assignment});
  const std::string files = std::to_string(settings.compare.files);
  result.insert(result.end(),
                {"--set", "dispatch.policy=" + cell.policy, "--set", fmt::format("dispatch.workers={}", cell.workers),
                 "--set", "cache.folder=", "--limit", files, "--allow-failures", files});
  return result;
}

/// Policies times worker counts; a policy that ignores the count has one cell.
std::vector<measured_cell> cells_of(const options& x, const run_settings& settings) {
  std::vector<std::string> names = settings.compare.policies;
  if (names.empty())
    for (const policy& each : policies())
      names.emplace_back(each.name);
  std::vector<measured_cell> result;
  for (const std::string& name : names)
    for (const std::uint32_t workers : settings.compare.workers) {
      dispatch_settings dispatch = settings.dispatch;
      dispatch.policy = name;
      dispatch.workers = workers;
      measured_cell cell{name, policies().at(name).lines(dispatch, settings.compare.files), "fugato", {}};
      for (const std::string& argument : arguments_of(x, settings, cell))
        cell.command += " " + argument;
      const auto same = [&](const measured_cell& other) { return other.name() == cell.name(); };
      if (std::none_of(result.begin(), result.end(), same))
        result.push_back(std::move(cell));
    }
  if (result.empty())
    throw error(errc::settings, x.config + ": /compare/workers: must hold at least one count, found none");
  return result;
}

/// Says how far it is, after a run, at most every ten seconds.
class run_counter {
public:
  explicit run_counter(std::size_t runs) : runs_(runs) {}

  void done(const std::string& cell, double seconds) {
    ++done_;
    const auto now = clock::now();
    if (done_ != 1 && done_ != runs_ && now - told_ < std::chrono::seconds(10))
      return;
    told_ = now;
    const double left = std::chrono::duration<double>(now - start_).count() / static_cast<double>(done_) *
                        static_cast<double>(runs_ - done_);
    note(fmt::format("run {}/{}: {} took {:.2f} s; {:.1f} min to go", done_, runs_, cell, seconds, left / 60));
  }

private:
  using clock = std::chrono::steady_clock;
  std::size_t runs_;
  std::size_t done_ = 0;
  clock::time_point start_ = clock::now();
  clock::time_point told_;
};

/// Round after round over all cells, so that what drifts in the machine hits all alike.
void measure(std::vector<measured_cell>& cells, const options& x, const run_settings& settings,
             const std::string& folder) {
  const compare_settings& how = settings.compare;
  run_counter counter{cells.size() * (how.warmup + how.repetitions)};
  std::unique_ptr<const workload> first;
  for (std::uint32_t round = 0; round < how.warmup + how.repetitions; ++round)
    for (measured_cell& cell : cells) {
      const std::string corpus = listing_hash(settings);
      measurement run = measure_run({cell.name(), arguments_of(x, settings, cell), folder});
      run.work.corpus_sha256 = corpus;
      if (!first)
        first = std::make_unique<const workload>(run.work);
      require_same_work(cells.front().name(), *first, cell.name(), run.work);
      counter.done(cell.name(), run.cost.wall_seconds);
      if (round >= how.warmup)
        cell.runs.push_back(std::move(run));
    }
}

comparison_context context_of(const options& x, const run_settings& settings, const manifest& origin) {
  comparison_context result;
  result.date = origin.started;
  result.host_name = origin.host.name;
  result.cpu_model = origin.host.cpu;
  result.num_cpus = origin.host.cores;
  result.load_avg = origin.host.load_average;
  result.library_build_type = origin.build_type;
  result.compiler = origin.compiler;
  result.commit = origin.commit;
  result.versions = origin.versions;
  result.command = origin.command;
  result.config = x.config;
  result.config_sha256 = origin.config_sha256;
  result.corpus = printable(settings.corpus);
  result.corpus_sha256 = origin.corpus_sha256;
  result.synthetic = is_demo_corpus(settings.corpus);
  result.warmup = settings.compare.warmup;
  return result;
}

std::vector<task_stream> streams_of(const comparison& x, const std::vector<measured_cell>& cells) {
  std::vector<task_stream> result;
  for (std::size_t i = 0; i < cells.size(); ++i)
    result.push_back({cells[i].name(), cells[i].runs[x.results[i].median_repetition].trace});
  return result;
}

void write_results(const staged_folder& folder, const comparison& x, const std::vector<task_stream>& streams) {
  write_file(folder.file("comparison.json"), to_json(x));
  write_file(folder.file("comparison.txt"), comparison_text(x));
  write_file(folder.file("comparison.html"), comparison_page(x, streams));
  fs::create_directory(folder.file("traces"));
  for (const task_stream& stream : streams) {
    std::string name = stream.cell;
    std::replace(name.begin(), name.end(), '/', '-');
    write_file(folder.file("traces/" + name + ".json"), trace_json(stream.events));
  }
}

outcome compare_policies(const options& x) {
  const run_settings settings = load_settings(x.config, x.assignments);
  if (settings.corpus.empty())
    throw error(errc::settings, x.config + ": /corpus: must name a folder or a list file, found nothing");
  std::vector<measured_cell> cells = cells_of(x, settings);
  manifest origin = new_manifest(new_report());
  origin.host = this_host();
  const std::string config = to_json(settings);
  origin.config_sha256 = sha256_hex(config);
  origin.corpus_sha256 = listing_hash(settings);
  comparison_context context = context_of(x, settings, origin);

  staged_folder folder{x.out.empty() ? default_folder(x.config) : x.out, x.force};
  const std::string work = folder.file("work");
  fs::create_directory(work);
  measure(cells, x, settings, work);
  fs::remove_all(work);

  context.load_avg_end = this_host().load_average;
  const comparison result = compare(std::move(context), cells);
  origin.table_sha256 = result.results.front().output_sha256;
  write_results(folder, result, streams_of(result, cells));
  write_file(folder.file("config.resolved.json"), config);
  write_file(folder.file("manifest.json"), to_json(origin));
  folder.commit();
  print(x.json ? to_json(result) : comparison_text(result));
  note("results: " + folder.target());
  return outcome::good;
}

} // namespace

void add_compare(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("compare", "Measure policies and worker counts against each other");
  command->add_option("config", x->config, "A JSON configuration with a section compare")->required();
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->add_option("--out", x->out, "The folder of the results (default: runs/<config>-<time>)");
  command->add_flag("--force", x->force, "Replace the folder when it exists");
  command->add_flag("--json", x->json, "Print comparison.json instead of the table");
  command->callback([x, &result] { result = compare_policies(*x); });
}

} // namespace fugato
