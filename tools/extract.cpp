// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "config/json.hpp"
#include "models/table.hpp"
#include "report/results.hpp"
#include "tools/command.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>
#include <sstream>

namespace fugato {
namespace {

struct options {
  std::vector<std::string> inputs;
  std::string config;
  std::vector<std::string> assignments;
  std::string output;
  std::string failures;
  std::string report;
  std::string trace;
  std::uint32_t limit = 0;
  std::uint32_t allowed_failures = 0;
};

outcome extract(const options& x) {
  listening_target target = resolve_inputs(x.inputs, x.config, x.assignments);
  if (target.settings.dispatch.join_file.empty())
    target.settings.dispatch.join_file = "cluster.json";
  if (x.limit > 0)
    target.tracks = spread(target.tracks, x.limit);
  session actors{target.settings.dispatch, note};
  run_report report = new_report();
  report.corpus = corpus_of(x.inputs.front(), target.tracks);
  const extraction result =
      listen(actors, target.tracks, target.settings.line, target.settings.dispatch, target.base, report);
  if (!x.trace.empty())
    write_file(x.trace, trace_of(result, target.tracks));
  if (!x.failures.empty())
    write_file(x.failures, failures_csv(result.failures));
  const extraction_report& e = report.extraction;
  if (result.data.rows() == 0)
    throw error(errc::bad_table, fmt::format("at least one track must be usable, but all {} failed", e.failed));
  std::ostringstream csv;
  write_table(csv, result.data);
  if (x.output.empty())
    print(csv.str());
  else
    write_file(x.output, csv.str());
  if (!x.report.empty()) {
    report.host = this_host();
    report.peak_rss_bytes = peak_rss_bytes();
    write_file(x.report, to_json(report));
  }
  note(fmt::format("{} rows x {} features of {} tracks, {} failed; {:.0f} x real time, {:.4f} s of CPU per track",
                   e.rows, e.columns, e.tracks, e.failed, e.x_real_time, e.cpu_seconds_per_track));
  return e.failed > x.allowed_failures ? outcome::incomplete : outcome::good;
}

} // namespace

void add_extract(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("extract", "Measure audio: a feature table, without training");
  command
      ->add_option(
          "input", x->inputs,
          "A configuration (.json), a folder with a sub-folder per genre, a list file (path[,label]), or audio "
          "files")
      ->required();
  command->add_option("-o,--output", x->output, "Where the CSV goes (default: stdout)");
  command->add_option("--config", x->config, "Settings to use where the input is audio");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  add_isa(*command, x->assignments);
  command->add_option("--failures", x->failures, "Where to list failed tracks as CSV");
  command->add_option("--limit", x->limit, "Only so many tracks, taken from the genres in turn");
  command->add_option("--report", x->report, "Where to write what it cost, as JSON");
  command->add_option("--trace", x->trace, "Where to write which line worked on what when (opens in Perfetto)");
  command->add_option("--allow-failures", x->allowed_failures, "Exit 0 with up to this many failed tracks");
  command->callback([x, &result] { result = extract(*x); });
}

} // namespace fugato
