// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/results.hpp"

#include "config/csv.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "features/catalog.hpp"
#include "models/npy.hpp"
#include "models/table.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sched.h>
#include <unistd.h>

namespace fugato {
namespace {

std::string cpu_model() {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name"))
      return line.substr(std::min(line.size(), line.find(':') + 2));
  return "unknown";
}

std::uint32_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::uint32_t>(CPU_COUNT(&set)) : 1;
}

/// row,track,chunk; the latter two are empty in a table without tracks.
std::string row_fields(const dataset& data, std::uint32_t row) {
  if (data.track_names.empty())
    return fmt::format("{},,", row);
  return fmt::format("{},{},{}", row, csv_field(printable_cell(data.track_names[data.tracks[row]])), data.chunks[row]);
}

} // namespace

void describe(visitor& v, column& x) {
  v("name", x.name, anything{}, "in features.csv");
  v("unit", x.unit, anything{}, "of its values");
  v("feature", x.feature, anything{}, "row of the feature catalog");
  v("statistic", x.statistic, anything{}, "over the frames of a chunk");
}

void describe(visitor& v, column_list& x) { v("columns", x.columns, "in the order of features.csv"); }

void describe(visitor& v, manifest::library& x) {
  v("name", x.name, anything{}, "of the library");
  v("version", x.version, anything{}, "that was used");
}

void describe(visitor& v, manifest& x) {
  v("format", x.format, anything{}, "of this file");
  v("command", x.command, anything{}, "as typed");
  v("started", x.started, anything{}, "UTC");
  v("commit", x.commit, anything{}, "of the sources");
  v("compiler", x.compiler, anything{}, "that built the program");
  v("build_type", x.build_type, anything{}, "Release or Debug");
  v("versions", x.versions, "of the program and its libraries");
  v("host", x.host, "where it ran");
  v("isa", x.isa, anything{},
    "instruction sets that features were computed by; several where machines differ and none is pinned");
  v("config_sha256", x.config_sha256, anything{}, "of config.resolved.json");
  v("corpus_sha256", x.corpus_sha256, anything{}, "of the corpus listing");
  v("table_sha256", x.table_sha256, anything{}, "of features.csv");
}

host_report this_host() {
  host_report result;
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  result.name = name;
  result.cpu = cpu_model();
  result.cores = usable_cores();
  const auto load = load_average();
  result.load_average.assign(load.begin(), load.end());
  return result;
}

std::string utc_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

std::string write_features(const staged_folder& folder, const row_source& table, const feature_settings& settings) {
  sha256 digest;
  file_writer csv{folder.file("features.csv")};
  write_table(
      [&](std::string_view text) {
        digest.update(text);
        csv.write(text);
      },
      table);
  csv.commit();
  file_writer npy{folder.file("features.npy")};
  npy.write(npy_head(table.rows(), table.columns().size()));
  table.each_track([&](const row_source::part& x) {
    npy.write({reinterpret_cast<const char*>(x.values.data()), x.values.size_bytes()});
  });
  npy.commit();
  write_file(folder.file("columns.json"), to_json(column_list{columns_of(settings)}));
  return digest.hex();
}

std::string failures_csv(std::span<const failure> failures) {
  std::string result = "path,reason,sentence\n";
  for (const failure& x : failures)
    result += csv_field(printable_name(x.source.path)) + "," + std::string(kind_of(x.reason).name) + "," +
              csv_field(printable(x.sentence)) + "\n";
  return result;
}

std::string split_csv(const dataset& data, const split& parts) {
  std::vector<std::string_view> part(data.rows(), "none");
  for (const std::uint32_t row : parts.train)
    part[row] = "train";
  for (const std::uint32_t row : parts.valid)
    part[row] = "valid";
  for (const std::uint32_t row : parts.test)
    part[row] = "test";
  std::string result = "row,track,chunk,label,part\n";
  for (std::uint32_t i = 0; i < data.rows(); ++i)
    result += fmt::format("{},{},{}\n", row_fields(data, i),
                          csv_field(printable_cell(data.label_names[data.labels[i]])), part[i]);
  return result;
}

std::string predictions_csv(const dataset& data, const training_result& result) {
  const auto& labels = data.label_names;
  std::string text = "row,track,chunk,part,label,predicted";
  for (const std::string& label : labels)
    text += "," + csv_field("p_" + label);
  text += "\n";
  const auto add = [&](std::string_view part, const std::vector<std::uint32_t>& rows,
                       const std::vector<float>& probabilities) {
    const auto predicted = predicted_classes(probabilities, labels.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      text += fmt::format("{},{},{},{}", row_fields(data, rows[i]), part,
                          csv_field(printable_cell(labels[data.labels[rows[i]]])),
                          csv_field(printable_cell(labels[predicted[i]])));
      for (std::size_t k = 0; k < labels.size(); ++k)
        fmt::format_to(std::back_inserter(text), ",{}", probabilities[i * labels.size() + k]);
      text += "\n";
    }
  };
  add("test", result.parts.test, result.test.probabilities);
  add("train", result.parts.train, result.train.probabilities);
  return text;
}

std::vector<failure_count> count_failures(std::span<const failure> failures) {
  std::vector<failure_count> result;
  for (const error_kind& kind : error_kinds()) {
    const auto tracks =
        std::count_if(failures.begin(), failures.end(), [&](const failure& x) { return x.reason == kind.code; });
    if (tracks > 0)
      result.push_back({std::string(kind.name), static_cast<std::uint32_t>(tracks)});
  }
  return result;
}

} // namespace fugato
