// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "tests/report/comparison_example.hpp"
#include "tests/report/comparison_violations.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

using namespace fugato;
using nlohmann::json;

namespace {

/// What the schema says, so that the validator above leaves nothing of it unchecked.
void collect_keywords(const json& schema, std::vector<std::string>& found) {
  for (const auto& [key, value] : schema.items())
    found.push_back(key);
  if (schema.contains("items"))
    collect_keywords(schema["items"], found);
  if (schema.contains("properties"))
    for (const auto& [key, value] : schema["properties"].items())
      collect_keywords(value, found);
}

} // namespace

TEST_CASE("the shipped schema of comparison.json is current") {
  std::ostringstream shipped;
  shipped << std::ifstream(FUGATO_SOURCE_DIR "/docs/comparison.schema.json").rdbuf();
  CHECK(shipped.str() == comparison_schema());
}

TEST_CASE("a report conforms to the schema, also where numbers do not exist") {
  CHECK(example::violations(json::parse(to_json(compare(example::context(), example::cells())))).empty());
  const std::vector alone{example::cell("threads", 4, 0, 0)}; // no synchronous cell: no speed-up
  const json x = json::parse(to_json(compare(example::context(), alone)));
  CHECK(x["results"][0]["speedup"].is_null());
  CHECK(example::violations(x).empty());
}

TEST_CASE("the schema refuses what is no report") {
  const json good = json::parse(to_json(compare(example::context(), example::cells())));
  json x = good;
  x["results"][1].erase("median");
  CHECK(example::violations(x) == std::vector<std::string>{"/results/1: lacks median"});
  x = good;
  x["results"][0]["speed"] = 1;
  CHECK(example::violations(x) == std::vector<std::string>{"/results/0: unknown speed"});
  x = good;
  x["results"][0]["mean"] = nullptr; // exists always
  CHECK(example::violations(x) == std::vector<std::string>{R"(/results/0/mean: must be ["number"], found null)"});
  x = good;
  x["schema"] = "other";
  CHECK(example::violations(x).size() == 1);
}

TEST_CASE("the validator knows every keyword of the schema") {
  std::vector<std::string> found;
  collect_keywords(json::parse(comparison_schema()), found);
  const std::vector<std::string> known{"$schema",    "title",    "description", "type",  "additionalProperties",
                                       "properties", "required", "items",       "const", "enum",
                                       "minimum"};
  for (const std::string& keyword : found) {
    CAPTURE(keyword);
    CHECK(std::find(known.begin(), known.end(), keyword) != known.end());
  }
}

TEST_CASE("every number that may be null has its reason beside it") {
  const json properties = json::parse(comparison_schema())["properties"]["results"]["items"]["properties"];
  for (const char* key : {"stddev", "speedup", "efficiency", "serial_fraction"}) {
    CHECK(properties[key]["type"] == json{"number", "null"});
    CHECK(properties[std::string(key) + "_reason"]["type"] == "string");
  }
  CHECK(properties["median"]["type"] == "number");
}
