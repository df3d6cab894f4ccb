// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/live_status.hpp"

#include "report/page_assets.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <regex>
#include <set>
#include <sstream>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

live_status example() {
  live_status x;
  x.fugato = "9.9";
  x.phase = "extracting";
  x.unit = "tracks";
  x.tasks = 10;
  x.done = 6;
  x.failed = 1;
  x.in_hand = 2;
  x.waiting = 1;
  x.rate = 2.5;
  x.eta_seconds = 1.5;
  x.lines = {{0, 0, "works", 3, "two\n lines  of text.wav", 1, 0.5}, {1, 77, "gone", 3, "", 0, 0}};
  x.reasons = {{"not-\"audio\\\n", 1}};
  return x;
}

} // namespace

TEST_CASE("the status is JSON on one line, with texts as they are") {
  const std::string text = live_json(example());
  CHECK(text.find('\n') == std::string::npos);
  const auto x = nlohmann::json::parse(text);
  CHECK(x["done"] == 6);
  CHECK(x["lines"][0]["task"] == "two\n lines  of text.wav");
  CHECK(x["reasons"][0]["tracks"] == 1);
}

TEST_CASE("the metrics are in Prometheus' text format") {
  const std::string text = live_metrics(example());
  CHECK(text.ends_with("\n"));
  CHECK(contains(text, "fugato_tasks{state=\"done\"} 6\n"));
  CHECK(contains(text, "fugato_failures{reason=\"not-\\\"audio\\\\\\n\"} 1\n"));
  CHECK(contains(text, "fugato_lines{state=\"gone\"} 1\n"));
  CHECK(contains(text, "fugato_eta_seconds 1.5\n"));
  const std::regex comment{R"(# (HELP|TYPE) [a-z_]+ .+)"};
  const std::regex sample{R"re([a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.e+-]+)re"};
  std::set<std::string> typed;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    CAPTURE(line);
    CHECK(std::regex_match(line, line.starts_with("#") ? comment : sample));
    if (line.starts_with("# TYPE"))
      CHECK(typed.insert(line.substr(7, line.find(' ', 7) - 7)).second);
  }
  live_status unknown = example();
  unknown.eta_seconds = -1;
  CHECK_FALSE(contains(live_metrics(unknown), "fugato_eta_seconds"));
}

TEST_CASE("the page turns to nobody but its server") {
  const std::string html = live_page();
  CHECK(contains(html, "connect-src 'self'"));
  CHECK(contains(html, assets::live_js));
  CHECK(contains(std::string(assets::live_js), "EventSource(\"/api/events\")"));
}
