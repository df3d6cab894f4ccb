// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/policy.hpp"
#include "features/catalog.hpp"
#include "models/classifier.hpp"
#include "models/search.hpp"
#include "models/split.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>

namespace fugato {
namespace {

using nlohmann::ordered_json;

/// Rows as a list of objects whose values are strings, numbers or lists.
using lister = std::function<ordered_json()>;

template <class T>
ordered_json named(const catalog<T>& rows) {
  ordered_json result = ordered_json::array();
  for (const T& row : rows)
    result.push_back({{"name", row.name}, {"summary", row.summary}});
  return result;
}

/// As `named`, with the definition that each row follows.
template <class T>
ordered_json referenced(const catalog<T>& rows) {
  ordered_json result = named(rows);
  std::size_t i = 0;
  for (const T& row : rows)
    result[i++]["reference"] = row.reference;
  return result;
}

ordered_json feature_rows() {
  ordered_json result = referenced(features());
  std::size_t i = 0;
  for (const feature& row : features()) {
    result[i]["unit"] = row.unit;
    result[i++]["columns"] = row.bands(feature_settings{});
  }
  return result;
}

std::string cell(const ordered_json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Aligned for a terminal: name and summary.
std::string as_text(const ordered_json& rows) {
  std::size_t width = 0;
  for (const auto& row : rows)
    width = std::max(width, row["name"].get_ref<const std::string&>().size());
  std::string result;
  for (const auto& row : rows)
    result += fmt::format("{:<{}}  {}\n", cell(row["name"]), width, cell(row["summary"]));
  return result;
}

std::string as_markdown(const ordered_json& rows) {
  std::string head = "|";
  std::string rule = "|";
  for (const auto& [key, unused] : rows.at(0).items()) {
    head += " " + key + " |";
    rule += "---|";
  }
  std::string result = head + "\n" + rule + "\n";
  for (const auto& row : rows) {
    result += "|";
    for (const auto& [key, value] : row.items())
      result += key == "name" ? " `" + cell(value) + "` |" : " " + cell(value) + " |";
    result += "\n";
  }
  return result;
}

} // namespace

void add_list(CLI::App& app, outcome&) {
  struct list {
    const char* name;
    const char* summary;
    lister rows;
  };
  static const std::vector<list> lists{
      {"features", "What can be measured of a chunk", feature_rows},
      {"statistics", "How a feature's frames become one number", [] { return named(statistics()); }},
      {"presets", "Named selections of features", [] { return named(feature_presets()); }},
      {"models", "What can be trained", [] { return referenced(models()); }},
      {"splits", "How rows are divided into training and test", [] { return named(split_kinds()); }},
      {"searches", "How hyper-parameters are searched", [] { return named(search_methods()); }},
      {"metrics", "What a search can rank by", [] { return named(search_metrics()); }},
      {"policies", "How tracks are scheduled", [] { return referenced(policies()); }},
  };
  struct options {
    bool json = false;
    bool markdown = false;
  };
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("list", "List what there is to choose from");
  command->require_subcommand(1);
  for (const list& one : lists) {
    CLI::App* sub = command->add_subcommand(one.name, one.summary);
    sub->add_flag("--json", x->json, "As JSON");
    sub->add_flag("--markdown", x->markdown, "As a Markdown table");
    sub->callback([x, &one] {
      const ordered_json rows = one.rows();
      print(x->json ? rows.dump(2) + "\n" : x->markdown ? as_markdown(rows) : as_text(rows));
    });
  }
}

} // namespace fugato
