// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/hash.hpp"
#include "config/read_text.hpp"
#include "models/table.hpp"
#include "tools/command.hpp"
#include "tools/learning.hpp"
#include "tools/settings_file.hpp"

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string table;
  std::string config;
  std::vector<std::string> assignments;
  std::string out;
  bool force = false;
  bool json = false;
};

outcome train_from_table(const options& x) {
  run_report report = new_report();
  manifest origin = new_manifest(report);
  const run_settings settings = load_settings(x.config, x.assignments);
  const stopwatch reading;
  const std::string text = read_text(x.table, errc::bad_table);
  origin.table_sha256 = sha256_hex(text);
  const auto data = std::make_shared<const dataset>(parse_table(text, x.table));
  report.add_phase("read", reading.elapsed());
  report.corpus = {x.table, static_cast<std::uint32_t>(data->track_names.size()), data->label_names, false};
  report.extraction.rows = data->rows();
  report.extraction.columns = static_cast<std::uint32_t>(data->width());

  session actors{settings.dispatch};
  staged_folder folder{x.out.empty() ? default_folder(x.table) : x.out, x.force};
  learn(actors, data, settings, std::nullopt, folder, report);
  if (!report.training.problem.empty())
    throw error(errc::bad_table, report.training.problem);
  conclude(settings, report, origin, folder, x.json);
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
  command->add_option("--out", x->out, "The run folder (default: runs/<table>-<time>)");
  command->add_flag("--force", x->force, "Replace the run folder when it exists");
  command->add_flag("--json", x->json, "Print the report as JSON");
  command->callback([x, &result] { result = train_from_table(*x); });
}

} // namespace fugato
