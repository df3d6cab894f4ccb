// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/settings_file.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "models/train_policy.hpp"

#include <filesystem>

namespace fugato {

run_settings load_settings(const std::string& file, const std::vector<std::string>& assignments) {
  run_settings result;
  if (!file.empty())
    read_json_file(file, description_of(result));
  for (const std::string& assignment : assignments)
    read_json(assignment_to_json(assignment), {"--set " + assignment, std::filesystem::current_path().string()},
              description_of(result));
  try {
    check(result.line);
    check(result.train.split);
    check(result.train, result.models);
  } catch (const error& e) {
    throw error(e.code(), (file.empty() ? std::string("settings") : file) + ": " + e.what());
  }
  return result;
}

} // namespace fugato
