// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/json.hpp"
#include "models/classifier.hpp"
#include "models/settings.hpp"

#include <filesystem>
#include <string>
#include <unistd.h>

namespace fugato {

/// Sets hyper-parameters as a run file does.
inline void set_parameters(classifier& model, const std::string& json) {
  hyper_parameters section{model};
  read_json(json, {"test", ""}, description_of(section));
}

/// A folder that is gone at the end.
struct scratch_folder {
  explicit scratch_folder(const std::string& name)
      : path((std::filesystem::temp_directory_path() / ("fugato_" + name + "-" + std::to_string(getpid()))).string()) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string path;
};

} // namespace fugato
