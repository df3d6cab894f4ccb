// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/csv.hpp"
#include "config/read_text.hpp"
#include "tests/audio/samples.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <vector>

/// The program on a folder, and its outputs.
namespace fugato::hostile {

struct answer {
  int code = -1;
  std::string out;
  std::string err;
};

/// Runs `fugato @p arguments` in a folder. What hangs is ended, with code 124.
inline answer fugato_in(const test::temporary_folder& folder, const std::string& arguments) {
  const std::string command = "cd '" + folder.path().string() + "' && timeout 300 '" FUGATO_BINARY "' " + arguments +
                              " >stdout.txt 2>stderr.txt </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(folder / "stdout.txt", errc::internal),
          read_text(folder / "stderr.txt", errc::internal)};
}

struct extraction_files {
  int code = -1;
  std::string out, err, features, failures, report, trace;
};

/// `fugato extract corpus` with all its outputs.
inline extraction_files extract(const test::temporary_folder& folder, const std::string& options) {
  const answer x = fugato_in(folder, "extract '" + (folder / "corpus") +
                                         "' -o features.csv --failures failures.csv --report report.json "
                                         "--trace trace.json " +
                                         options);
  const auto file = [&](const char* name) { return read_text(folder / name, errc::internal); };
  return {x.code, x.out, x.err, file("features.csv"), file("failures.csv"), file("report.json"), file("trace.json")};
}

inline std::vector<std::vector<std::string>> records(const std::string& csv) {
  csv_reader reader(csv, "csv");
  std::vector<std::vector<std::string>> result;
  for (std::vector<std::string_view> fields; reader.next(fields);)
    result.emplace_back(fields.begin(), fields.end());
  return result;
}

} // namespace fugato::hostile
