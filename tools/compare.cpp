// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "config/error.hpp"
#include "config/files.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "config/shortage.hpp"
#include "report/comparison_page.hpp"
#include "tools/command.hpp"
#include "tools/compare_cell.hpp"
#include "tools/compare_plan.hpp"
#include "tools/demo_corpus.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

namespace fugato {
namespace {

namespace fs = std::filesystem;

struct options {
  std::string input;
  std::string config;
  std::vector<std::string> assignments;
  std::string stage;
  std::string out;
  bool force = false;
  bool json = false;
};

/// A lone `.json` is a configuration, anything else a table to learn from.
bool names_table(const options& x) { return !x.input.ends_with(".json"); }

comparison_order order_of(const options& x) {
  if (!names_table(x) && !x.config.empty())
    throw error(errc::usage, "--config must stand alone, but " + x.input + " is a configuration too");
  const std::string& config = names_table(x) ? x.config : x.input;
  comparison_order result{config, x.assignments, load_settings(config, x.assignments)};
  compare_settings& how = result.settings.compare;
  if (!x.stage.empty())
    how.stage = comparison_stages().at(x.stage).name;
  if (names_table(x)) {
    how.table = x.input;
    how.stage = x.stage.empty() ? "train" : how.stage; // what else can be done with a table
    if (!comparison_stages().at(how.stage).learns)
      throw error(errc::usage, "a table can be learnt from only, but the stage is '" + how.stage + "'");
  }
  const bool given = comparison_stages().at(how.stage).learns && !how.table.empty();
  if (result.settings.corpus.empty() && !given)
    throw error(errc::settings, config + ": /corpus: must name a folder or a list file, found nothing");
  return result;
}

/// Of what the cells begin with: a corpus, by its listing, or a table.
std::string source_hash(const run_settings& settings, const std::string& table) {
  return table.empty() ? corpus_digest(list_corpus(settings.corpus)) : sha256_hex(read_text(table, errc::bad_table));
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

/// Round after round over all cells, so that what drifts in the machine hits all alike. A difference ends it at once.
void measure(std::vector<planned_cell>& cells, const comparison_order& x, const std::string& table,
             const std::string& folder) {
  const compare_settings& how = x.settings.compare;
  const bool learns = comparison_stages().at(how.stage).learns;
  run_counter counter{cells.size() * (how.warmup + how.repetitions)};
  std::map<std::string, std::pair<std::string, workload>> first; // by what must be alike
  for (std::uint32_t round = 0; round < how.warmup + how.repetitions; ++round)
    for (auto& [cell, arguments] : cells) {
      const std::string source = source_hash(x.settings, table);
      measurement run = measure_run({cell.name(), arguments, folder, learns});
      run.work.corpus_sha256 = source;
      const auto& [name, like] = first.try_emplace(cell.alike, cell.name(), run.work).first->second;
      require_same_work(name, like, cell.name(), run.work);
      require_same_output(name, like, cell.name(), run.work);
      counter.done(cell.name(), run.cost.wall_seconds);
      if (round >= how.warmup)
        cell.runs.push_back(std::move(run));
    }
}

comparison_context context_of(const comparison_order& x, const std::string& table, const manifest& origin) {
  comparison_context result;
  const compare_settings& how = x.settings.compare;
  const bool from_corpus = table.empty() || how.table.empty();
  result.stage = how.stage;
  result.tolerance = how.tolerance;
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
  result.corpus = printable(from_corpus ? x.settings.corpus : how.table);
  result.corpus_sha256 = origin.corpus_sha256;
  result.synthetic = from_corpus && is_demo_corpus(x.settings.corpus);
  result.warmup = how.warmup;
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
  for (const task_stream& stream : streams)
    if (!stream.events.empty()) {
      std::string name = stream.cell;
      std::replace(name.begin(), name.end(), '/', '-');
      fs::create_directories(folder.file("traces"));
      write_file(folder.file("traces/" + name + ".json"), trace_json(stream.events));
    }
}

/// The table that is learnt from: the one that was given, or features.csv in the folder of the results, made of the
/// corpus. Empty where nothing is learnt.
std::string table_of(const comparison_order& x, const staged_folder& folder, const std::string& work) {
  const compare_settings& how = x.settings.compare;
  if (!comparison_stages().at(how.stage).learns || !how.table.empty())
    return how.table;
  const std::string table = folder.file("features.csv");
  std::vector<std::string> arguments = table_arguments(x);
  arguments.insert(arguments.end(), {"-o", table, "--allow-failures", "1000000000"});
  note("measuring the corpus once");
  run_program({"the table of the corpus", arguments, work, false});
  return table;
}

outcome compare_cells(const options& x) {
  const comparison_order order = order_of(x);
  plan_cells(order, ""); // where there are none, say so at once
  manifest origin = new_manifest(new_report());
  origin.host = this_host();
  const std::string config = to_json(with_absolute_paths(order.settings));
  origin.config_sha256 = sha256_hex(config);

  staged_folder folder{x.out.empty() ? default_folder(x.input) : x.out, x.force};
  const auto clean = [] {
    kill_run();
    remove_unfinished();
  };
  const last_words words{"", 1, clean};
  const interruption stopping{clean, [](int) { note("stopped; nothing was written"); }};
  const std::string work = folder.file("work");
  fs::create_directory(work);
  const std::string table = table_of(order, folder, work);
  origin.corpus_sha256 = source_hash(order.settings, table);
  comparison_context context = context_of(order, table, origin);
  std::vector<planned_cell> plan = plan_cells(order, table);
  measure(plan, order, table, work);
  fs::remove_all(work);

  std::vector<measured_cell> cells;
  for (planned_cell& each : plan) {
    std::string& command = each.cell.command; // with the folder's final name
    if (const auto at = command.find(folder.path()); at != std::string::npos)
      command.replace(at, folder.path().size(), folder.target());
    cells.push_back(std::move(each.cell));
  }
  context.load_avg_end = this_host().load_average;
  const comparison result = compare(std::move(context), cells);
  origin.table_sha256 = table.empty() ? result.results.front().output_sha256 : origin.corpus_sha256;
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
  command
      ->add_option("input", x->input,
                   "A configuration (.json) with a section compare; or a feature table (CSV) to learn from")
      ->required();
  command->add_option("--config", x->config, "Settings to use where the input is a table");
  command->add_option("--stage", x->stage, "Override compare.stage: extract or train");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->add_option("--out", x->out, "The folder of the results (default: runs/<config>-<time>)");
  command->add_flag("--force", x->force, "Replace the folder when it exists");
  command->add_flag("--json", x->json, "Print comparison.json instead of the table");
  command->callback([x, &result] { result = compare_cells(*x); });
}

} // namespace fugato
