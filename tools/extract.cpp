// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/row_store.hpp"
#include "config/files.hpp"
#include "config/json.hpp"
#include "models/table.hpp"
#include "report/results.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

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

/// Rows wait where the table will be: there must be room there anyway.
std::string folder_for_rows(const options& x) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (const fs::path target = x.output;
      !x.output.empty() && (!fs::exists(target, ignored) || fs::is_regular_file(target, ignored)))
    return target.has_parent_path() ? target.parent_path().string() : ".";
  const char* const set = std::getenv("TMPDIR");
  return set != nullptr ? set : "/var/tmp"; // /tmp may be memory
}

void write_csv(const options& x, const row_source& table) {
  file_writer out{x.output.empty() ? "/dev/stdout" : x.output};
  write_table([&out](std::string_view text) { out.write(text); }, table);
  out.commit();
}

/// All but the table, which may go to a pipe that somebody closes.
void write_the_rest(const options& x, const extraction& found, const track_list& tracks, run_report& report) {
  if (!x.trace.empty())
    write_trace(x.trace, found, tracks);
  if (!x.failures.empty())
    write_file(x.failures, failures_csv(found.failures));
  if (x.report.empty())
    return;
  report.host = this_host();
  report.peak_rss_bytes = peak_rss_bytes();
  write_file(x.report, to_json(report));
}

outcome extract(const options& x) {
  const interruption stopping{remove_unfinished, [](int) {}};
  listening_target target = resolve_inputs(x.inputs, x.config, x.assignments);
  if (target.settings.dispatch.join_file.empty())
    target.settings.dispatch.join_file = "cluster.json";
  if (x.limit > 0)
    target.tracks = std::make_shared<const track_list>(spread(*target.tracks, x.limit));
  const std::string place = folder_for_rows(x);
  check_writable(place);
  session actors{target.settings.dispatch, note};
  run_report report = new_report();
  report.corpus = corpus_of(x.inputs.front(), *target.tracks);
  const extraction found =
      listen(actors, target.tracks, target.settings.line, target.settings.dispatch, target.base, report,
             {{}, nullptr, {}, std::make_shared<row_spool>(place), target.settings.cache.folder});
  const extraction_report& e = report.extraction;
  if (x.output.empty())
    write_the_rest(x, found, *target.tracks, report);
  if (e.rows > 0)
    write_csv(x, *found.rows);
  if (!x.output.empty())
    write_the_rest(x, found, *target.tracks, report);
  if (e.rows == 0)
    throw error(errc::bad_table, fmt::format("at least one track must be usable, but all {} failed", e.failed));
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
