// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json_difference.hpp"

#include <nlohmann/json.hpp>

namespace fugato {

std::string json_difference(const std::string& there, const std::string& here) {
  using nlohmann::json;
  const json a = json::parse(there, nullptr, /*allow_exceptions*/ false);
  const json b = json::parse(here, nullptr, /*allow_exceptions*/ false);
  if (a.is_discarded() || b.is_discarded())
    return there == here ? "" : there + " there, " + here + " here";
  const json steps = json::diff(a, b);
  if (steps.empty())
    return "";
  const json::json_pointer where{steps.front().at("path").get<std::string>()};
  const auto shown = [&](const json& x) { return x.contains(where) ? x.at(where).dump() : std::string("nothing"); };
  return where.to_string() + ": " + shown(a) + " there, " + shown(b) + " here";
}

} // namespace fugato
