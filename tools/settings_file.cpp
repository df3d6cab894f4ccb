// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/settings_file.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "models/train_policy.hpp"
#include "tools/command.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace fugato {

namespace {

run_settings adjusted(run_settings result, const std::string& name, const std::vector<std::string>& assignments) {
  for (const std::string& assignment : assignments)
    read_json(assignment_to_json(assignment), {"--set " + assignment, std::filesystem::current_path().string()},
              description_of(result));
  try {
    check(result.line);
    check(result.train.split);
    check(result.train, result.models);
  } catch (const error& e) {
    throw error(e.code(), name + ": " + e.what());
  }
  return result;
}

} // namespace

CLI::Validator number_between(double low, double high) {
  return {[low, high](const std::string& word) {
            double x = 0;
            const bool good = CLI::detail::lexical_cast(word, x) && x >= low && x <= high;
            return good ? std::string{} : fmt::format("must be a number from {} to {}, found '{}'", low, high, word);
          },
          fmt::format("FLOAT in [{} - {}]", low, high)};
}

void add_isa(CLI::App& command, std::vector<std::string>& assignments) {
  command
      .add_option_function<std::string>(
          "--isa", [&assignments](const std::string& name) { assignments.push_back("features.isa=" + name); },
          "Instruction set to compute by, the same on every machine: avx2, baseline ... (default: features.isa)")
      ->type_name("NAME");
}

run_settings load_settings(const std::string& file, const std::vector<std::string>& assignments) {
  run_settings result;
  if (!file.empty())
    read_json_file(file, description_of(result));
  return adjusted(std::move(result), file.empty() ? "settings" : file, assignments);
}

run_settings parse_settings(const std::string& text, const std::string& name,
                            const std::vector<std::string>& assignments) {
  run_settings result;
  read_json(text, {name, ""}, description_of(result));
  return adjusted(std::move(result), name, assignments);
}

} // namespace fugato
