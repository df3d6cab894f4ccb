// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "config/json.hpp"
#include "features/catalog.hpp"
#include "models/metrics.hpp"
#include "models/trained.hpp"
#include "report/prediction.hpp"
#include "tools/command.hpp"
#include "tools/listening.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string model;
  std::vector<std::string> inputs;
  std::vector<std::string> assignments;
  bool json = false;
  std::uint32_t allowed_failures = 0;
};

/// The settings that make rows as those the model learnt from.
/// @throws error(bad_model) when this build cannot.
line_settings listening_of(const trained_model& model, const std::string& folder) {
  if (!model.from_audio)
    throw error(errc::bad_model,
                folder + ": must be a model that knows how its features were made, but it was trained from a table");
  std::vector<std::string> columns;
  for (const column& x : columns_of(model.features))
    columns.push_back(x.name);
  if (columns != model.columns)
    throw error(errc::bad_model, folder + ": must have learnt from columns that this build can make, but its " +
                                     std::to_string(model.columns.size()) + " columns differ from the " +
                                     std::to_string(columns.size()) + " that its settings give here");
  return {model.audio, model.chunking, model.features};
}

outcome predict(const options& x) {
  const trained_model model = load_trained(x.model);
  const line_settings how = listening_of(model, x.model);
  const run_settings settings = load_settings("", x.assignments);
  const auto tracks = std::make_shared<const track_list>(list_files(x.inputs));
  session actors{settings.dispatch, note};
  run_report report;
  const extraction found =
      listen(actors, tracks, how, settings.dispatch, "", report, {{}, nullptr, nullptr, settings.cache.folder});
  const prediction_report result = predictions(model, found.data, found.failures, core_budget(settings.dispatch));
  print(x.json ? to_json(result) : prediction_text(result));
  if (found.data.rows() == 0)
    return outcome::failed;
  return found.failures.size() > x.allowed_failures ? outcome::incomplete : outcome::good;
}

} // namespace

void add_predict(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("predict", "Genre probabilities of audio, per chunk and per track");
  command->add_option("--model", x->model, "A model folder: <run folder>/model")->required();
  command->add_option("files", x->inputs, "Audio files, or folders of them")->required();
  command->add_option("--set", x->assignments, "Override a setting of the sections dispatch and cache")->take_all();
  command->add_flag("--json", x->json, "As JSON");
  command->add_option("--allow-failures", x->allowed_failures, "Exit 0 with up to this many failed tracks");
  command->callback([x, &result] { result = predict(*x); });
}

} // namespace fugato
