// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "report/comparison.hpp"

#include <nlohmann/json.hpp>

namespace fugato {
namespace {

using nlohmann::ordered_json;

/// Defaults are for what a user may leave out; a report leaves nothing out.
void complete(ordered_json& schema) {
  schema.erase("default");
  if (schema.contains("items"))
    complete(schema["items"]);
  if (!schema.contains("properties"))
    return;
  ordered_json required = ordered_json::array();
  ordered_json& properties = schema["properties"];
  for (auto& [key, property] : properties.items()) {
    required.push_back(key);
    if (properties.contains(key + "_reason"))
      property["type"] = {"number", "null"};
    complete(property);
  }
  schema["required"] = std::move(required); // last: an ordered object moves its members when it grows
}

} // namespace

std::string comparison_schema() {
  comparison x;
  ordered_json schema = ordered_json::parse(write_schema("Fugato comparison of schedulers", description_of(x)));
  complete(schema);
  schema["properties"]["schema"]["const"] = x.schema;
  return schema.dump(2) + "\n";
}

} // namespace fugato
