// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/files.hpp"
#include "tests/browser/browser.hpp"

#include <filesystem>
#include <string>
#include <unistd.h>

namespace browsing {

/// A page in a file that goes with the test.
class page_file {
public:
  explicit page_file(const std::string& html)
      : path_(std::filesystem::temp_directory_path() / ("fugato-page-" + std::to_string(getpid()) + ".html")) {
    fugato::write_file(path_, html);
  }
  ~page_file() { std::filesystem::remove(path_); }
  page_file(const page_file&) = delete;
  page_file& operator=(const page_file&) = delete;
  std::string url() const { return file_url(path_); }

private:
  std::string path_;
};

} // namespace browsing
