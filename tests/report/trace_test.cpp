// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/trace.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace fugato;
using nlohmann::json;

namespace {

const std::vector<trace_event> events{{"a \"b\".wav", "read", 1'000'000, 20, 7, 0},
                                      {"a \"b\".wav", "extract", 1'000'020, 300, 7, 0},
                                      {"c.wav", "read", 1'000'005, 21, 8, 1}};

} // namespace

TEST_CASE("a trace is complete events and the names of their lines") {
  const json root = json::parse(trace_json(events));
  REQUIRE(root["traceEvents"].size() == 5);
  CHECK(root["traceEvents"][0] ==
        json{{"ph", "M"}, {"name", "thread_name"}, {"pid", 7}, {"tid", 0}, {"args", {{"name", "line 0"}}}});
  CHECK(root["traceEvents"][1]["args"]["name"] == "line 1");
  CHECK(root["traceEvents"][3] == json{{"ph", "X"},
                                       {"name", "a \"b\".wav"},
                                       {"cat", "extract"},
                                       {"ts", 1'000'020},
                                       {"dur", 300},
                                       {"pid", 7},
                                       {"tid", 0}});
}

TEST_CASE("a trace reads back") {
  const auto again = read_trace(trace_json(events), "trace.json");
  REQUIRE(again.size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    CHECK(again[i].name == events[i].name);
    CHECK(again[i].category == events[i].category);
    CHECK(again[i].start_us == events[i].start_us);
    CHECK(again[i].duration_us == events[i].duration_us);
    CHECK(again[i].process == events[i].process);
    CHECK(again[i].line == events[i].line);
  }
  CHECK(read_trace(trace_json({}), "trace.json").empty());
}

TEST_CASE("a name that is not UTF-8 does not break the trace") {
  const std::vector<trace_event> odd{{"caf\xE9.wav", "read", 0, 1, 0, 0}};
  CHECK(read_trace(trace_json(odd), "trace.json").at(0).name == "caf\xEF\xBF\xBD.wav");
}

TEST_CASE("what is no trace is refused by name") {
  for (const char* text : {"", "[]", "{}", R"({"traceEvents": [{"ph": "X"}]})"}) {
    std::string sentence;
    try {
      read_trace(text, "odd.json");
    } catch (const error& e) {
      sentence = e.what();
    }
    CHECK(sentence.starts_with("odd.json: must be a trace in Chrome Trace Event form"));
  }
}
