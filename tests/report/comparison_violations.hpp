// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

/// JSON Schema as far as that of comparison.json uses it.
namespace fugato::example {

using nlohmann::json;

inline bool is_of(const json& x, const std::string& type) {
  return type == "null"      ? x.is_null()
         : type == "boolean" ? x.is_boolean()
         : type == "string"  ? x.is_string()
         : type == "number"  ? x.is_number()
         : type == "integer" ? x.is_number_integer()
         : type == "array"   ? x.is_array()
                             : type == "object" && x.is_object();
}

inline void check(const json& schema, const json& x, const std::string& place, std::vector<std::string>& wrong);

inline void check_object(const json& schema, const json& x, const std::string& place, std::vector<std::string>& wrong) {
  for (const json& key : schema["required"])
    if (!x.contains(key.get<std::string>()))
      wrong.push_back(place + ": lacks " + key.get<std::string>());
  for (const auto& [key, value] : x.items())
    if (schema["properties"].contains(key))
      check(schema["properties"][key], value, place + "/" + key, wrong);
    else
      wrong.push_back(place + ": unknown " + key);
}

inline void check(const json& schema, const json& x, const std::string& place, std::vector<std::string>& wrong) {
  const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
  if (std::none_of(types.begin(), types.end(), [&](const json& type) { return is_of(x, type.get<std::string>()); }))
    wrong.push_back(place + ": must be " + types.dump() + ", found " + x.dump());
  if (schema.contains("const") && x != schema["const"])
    wrong.push_back(place + ": must be " + schema["const"].dump());
  if (schema.contains("enum") && std::find(schema["enum"].begin(), schema["enum"].end(), x) == schema["enum"].end())
    wrong.push_back(place + ": must be one of " + schema["enum"].dump());
  if (schema.contains("minimum") && x.is_number() && x < schema["minimum"])
    wrong.push_back(place + ": too small");
  if (x.is_array())
    for (std::size_t i = 0; i < x.size(); ++i)
      check(schema["items"], x[i], place + "/" + std::to_string(i), wrong);
  if (x.is_object())
    check_object(schema, x, place, wrong);
}

/// How a report differs from the schema, each as place: what.
inline std::vector<std::string> violations(const json& x) {
  std::vector<std::string> wrong;
  check(json::parse(comparison_schema()), x, "", wrong);
  return wrong;
}

} // namespace fugato::example
