// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_folder.hpp"

#include "config/csv.hpp"
#include "config/error.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <map>
#include <string_view>

namespace fugato {
namespace {

using record = std::vector<std::string_view>;

[[noreturn]] void refuse(const std::string& name, std::size_t line, const std::string& why) {
  throw error(errc::bad_table, fmt::format("{}: line {}: {}", name, line, why));
}

template <class T>
T number(std::string_view text, const std::string& name, std::size_t line) {
  T result{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (problem != std::errc{} || end != text.data() + text.size())
    refuse(name, line, fmt::format("must hold numbers, found '{}'", printable(text, 80)));
  return result;
}

/// The columns before the probabilities.
const std::vector<std::string_view> leading{"row", "track", "chunk", "part", "label", "predicted"};

std::vector<std::string> labels_of(const record& heading, const std::string& name) {
  const bool right = heading.size() > leading.size() && std::equal(leading.begin(), leading.end(), heading.begin());
  std::vector<std::string> result;
  for (std::size_t i = leading.size(); right && i < heading.size() && heading[i].starts_with("p_"); ++i)
    result.emplace_back(heading[i].substr(2));
  if (!right || leading.size() + result.size() != heading.size())
    refuse(name, 1, "must be row, track, chunk, part, label, predicted and a column p_... per label");
  return result;
}

/// The text of an optional file; empty when there is none.
std::string text_if_there(const std::string& path) {
  return std::filesystem::exists(path) ? read_text(path, errc::bad_table) : "";
}

} // namespace

judged_rows parse_predictions(const std::string& text, const std::string& name) {
  csv_reader in{text, name};
  judged_rows result;
  record fields;
  if (!in.next(fields))
    return result;
  result.labels = labels_of(fields, name);
  std::map<std::string, std::uint32_t, std::less<>> classes;
  for (const std::string& label : result.labels)
    classes.try_emplace(printable_cell(label), static_cast<std::uint32_t>(classes.size()));
  std::map<std::string, std::uint32_t, std::less<>> tracks;
  while (in.next(fields)) {
    if (fields.size() != leading.size() + result.labels.size())
      refuse(name, in.line(),
             fmt::format("must have {} fields, found {}", leading.size() + result.labels.size(), fields.size()));
    if (fields[3] != "test")
      continue;
    const auto truth = classes.find(fields[4]);
    if (truth == classes.end())
      refuse(name, in.line(), fmt::format("must name a label of the heading, found '{}'", printable(fields[4], 80)));
    result.numbers.push_back(number<std::uint32_t>(fields[0], name, in.line()));
    result.truth.push_back(truth->second);
    for (std::size_t i = leading.size(); i < fields.size(); ++i)
      result.probabilities.push_back(number<float>(fields[i], name, in.line()));
    if (fields[1].empty())
      continue;
    const auto [at, fresh] = tracks.try_emplace(std::string(fields[1]), static_cast<std::uint32_t>(tracks.size()));
    if (fresh)
      result.track_names.push_back(at->first);
    result.tracks.push_back(at->second);
  }
  if (!result.tracks.empty() && result.tracks.size() != result.truth.size())
    refuse(name, in.line(), "must name the track of every row or of none");
  return result;
}

std::vector<failed_track> parse_failures(const std::string& text, const std::string& name) {
  csv_reader in{text, name};
  std::vector<failed_track> result;
  record fields;
  in.next(fields); // the heading
  while (in.next(fields)) {
    if (fields.size() != 3)
      refuse(name, in.line(), fmt::format("must be path, reason and sentence, found {} fields", fields.size()));
    result.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2])});
  }
  return result;
}

run_folder read_run_folder(const std::string& path) {
  const auto file = [&path](const char* name) { return path + "/" + name; };
  for (const char* name : {"report.json", "manifest.json"})
    if (!std::filesystem::exists(file(name)))
      throw error(errc::usage, path + ": must be a run folder, but has no " + name);
  run_folder result;
  read_json_file(file("report.json"), description_of(result.report));
  read_json_file(file("manifest.json"), description_of(result.origin));
  result.tested = parse_predictions(text_if_there(file("predictions.csv")), file("predictions.csv"));
  result.failures = parse_failures(text_if_there(file("failures.csv")), file("failures.csv"));
  if (const std::string trace = text_if_there(file("trace.json")); !trace.empty())
    result.stream = read_trace(trace, file("trace.json"));
  if (std::filesystem::exists(file("leaderboard.json")))
    read_json_file(file("leaderboard.json"), description_of(result.board.emplace()));
  if (std::filesystem::exists(file("tuning.json")))
    read_json_file(file("tuning.json"), description_of(result.tuning.emplace()));
  return result;
}

} // namespace fugato
