// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "config/hash.hpp"
#include "tools/command.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string config;
  std::vector<std::string> assignments;
  std::string out;
  bool force = false;
  bool json = false;
  std::uint32_t allowed_failures = 0;
};

outcome run(const options& x) {
  run_report report = new_report();
  manifest origin = new_manifest(report);
  const stopwatch listing;
  const listening_target target = resolve_config(x.config, x.assignments);
  report.corpus = corpus_of(target.settings.corpus, target.tracks);
  origin.corpus_sha256 = sha256_hex(corpus_listing(target.tracks));
  report.add_phase("list", listing.elapsed());

  staged_folder folder{x.out.empty() ? default_folder(x.config) : x.out, x.force};
  dispatch_settings dispatch = target.settings.dispatch;
  if (dispatch.join_file.empty())
    dispatch.join_file = folder.file("cluster.json");
  session actors{dispatch, note};
  extraction found = listen(actors, target.tracks, target.settings.line, dispatch, target.base, report);
  const auto data = std::make_shared<const dataset>(std::move(found.data));

  const stopwatch writing;
  write_file(folder.file("trace.json"), trace_of(found, target.tracks));
  write_file(folder.file("failures.csv"), failures_csv(found.failures));
  origin.table_sha256 = write_features(folder, *data, target.settings.line.features);
  report.add_phase("write", writing.elapsed());

  learn(actors, data, target.settings, target.settings.line, folder, report);
  conclude(target.settings, report, origin, folder, x.json);
  if (!report.training.problem.empty()) {
    complain(report.training.problem);
    return outcome::failed;
  }
  return report.extraction.failed > x.allowed_failures ? outcome::incomplete : outcome::good;
}

} // namespace

void add_run(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("run", "The whole pipeline: listen, measure, learn, judge, report");
  command->add_option("config", x->config, "A JSON configuration")->required();
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->add_option("--out", x->out, "The run folder (default: runs/<config>-<time>)");
  command->add_flag("--force", x->force, "Replace the run folder when it exists");
  command->add_flag("--json", x->json, "Print the report as JSON");
  command->add_option("--allow-failures", x->allowed_failures, "Exit 0 with up to this many failed tracks");
  command->callback([x, &result] { result = run(*x); });
}

} // namespace fugato
