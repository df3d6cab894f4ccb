// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "tools/command.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string file;
  std::vector<std::string> assignments;
};

CLI::App* add_reading(CLI::App* parent, const std::string& name, const std::string& summary, options& x, bool needed) {
  CLI::App* command = parent->add_subcommand(name, summary);
  command->add_option("config", x.file, "A JSON configuration")->required(needed);
  command->add_option("--set", x.assignments, "Override: section.key=value")->take_all();
  return command;
}

} // namespace

void add_config(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* config = app.add_subcommand("config", "Check and show configurations");
  config->require_subcommand(1);
  add_reading(config, "check", "Exit 0 when the configuration is right, else 2 with the reason", *x, true)
      ->callback([x] {
        load_settings(x->file, x->assignments);
        note(x->file + " is right");
      });
  add_reading(config, "show", "Print all settings, defaults filled in, as JSON", *x, false)->callback([x] {
    print(to_json(load_settings(x->file, x->assignments)));
  });
  config->add_subcommand("schema", "Print the JSON Schema of configurations")->callback([] {
    run_settings settings;
    print(write_schema("Fugato configuration", description_of(settings)));
  });
  config->add_subcommand("reference", "Print all settings as a Markdown table")->callback([] {
    run_settings settings;
    print(write_reference(description_of(settings)));
  });
}

} // namespace fugato
