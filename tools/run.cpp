// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "tools/command.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/terminal.hpp"

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
  report.add_phase("list", listing.elapsed());

  staged_folder folder{x.out.empty() ? default_folder(x.config) : x.out, x.force};
  session actors{in_folder(target.settings.dispatch, folder), note};
  const auto data = measure(actors, target, folder, report, origin);
  learn(actors, data, target.settings, target.settings.line, folder, report);
  conclude(target.settings, report, origin, folder);
  print(x.json ? to_json(report) : report_text(report));
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
