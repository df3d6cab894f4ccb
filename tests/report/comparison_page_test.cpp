// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_page.hpp"

#include "report/format.hpp"
#include "report/svg.hpp"
#include "tests/report/comparison_example.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

using namespace fugato;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++result;
  return result;
}

std::string page_of(const std::vector<measured_cell>& cells) {
  std::vector<task_stream> streams;
  for (const measured_cell& cell : cells)
    streams.push_back({cell.name(), cell.runs.front().trace});
  return comparison_page(compare(example::context(), cells), streams);
}

/// Names of elements that were opened and not closed, or the other way round.
std::vector<std::string> unbalanced(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag{R"(<(/?)([a-z0-9]+)[^>]*>)"};
  for (std::sregex_iterator it{html.begin(), html.end(), tag}, end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta")
      continue;
    if ((*it)[1].length() == 0)
      open.push_back(name);
    else if (open.empty() || open.back() != name)
      return {"/" + name};
    else
      open.pop_back();
  }
  return open;
}

} // namespace

TEST_CASE("the page needs nothing but itself") {
  const std::string html = page_of(example::cells());
  for (const char* foreign :
       {"http:", "https:", "//", "url(", "@import", "<script", "<link", "<img", "src=", "href="}) {
    CAPTURE(foreign);
    CHECK_FALSE(contains(html, foreign));
  }
  CHECK(html.starts_with("<!DOCTYPE html>"));
  CHECK(unbalanced(html).empty());
  CHECK(contains(html, "prefers-color-scheme:dark"));
  CHECK(contains(html, "width=device-width"));
}

TEST_CASE("the page shows every repetition, every task and the report's figures") {
  const auto cells = example::cells();
  const std::string html = page_of(cells);
  CHECK(count(html, "class=\"dot\"") == cells.size() * 5);
  CHECK(count(html, "class=\"median\"") == cells.size());
  CHECK(count(html, "class=\"task ") == cells.size() * 50 * 2);
  CHECK(contains(html, "line 1: blues.1.wav, extract: "));
  for (const char* figure :
       {"131.21 s", "30.85 s", "151.50 s", "152.60 s", "107.40 s", "109.50 s", "80.10 s", "131.60 s"})
    CHECK(contains(html, figure));
  CHECK(contains(html, "another machine"));
  CHECK(contains(html, "Amdahl, serial part"));
}

TEST_CASE("the page stands also where figures do not exist") {
  const std::vector alone{example::cell("threads", 4, 0, 0)};
  const std::string html = comparison_page(compare(example::context(), alone), {});
  CHECK(unbalanced(html).empty());
  CHECK_FALSE(contains(html, "nan"));
  CHECK_FALSE(contains(html, "inf "));
  CHECK_FALSE(contains(html, "Which line worked"));
}

TEST_CASE("the page of a comparison of training stands, in its own words") {
  const auto cells = example::trainings();
  std::vector<task_stream> streams;
  for (const measured_cell& cell : cells)
    streams.push_back({cell.name(), {}});
  const std::string html = comparison_page(compare(example::training_context(), cells), streams);
  CHECK(unbalanced(html).empty());
  for (const char* text : {"Training compared", "speed-up over local/1", "CPU and memory over time", "7000 rows x 57",
                           "-0.0300 differs", "CPU, of 2 cores"})
    CHECK_MESSAGE(contains(html, text), text);
  for (const char* text : {"synchronous", "tracks per line", "course report", "nan"})
    CHECK_FALSE_MESSAGE(contains(html, text), text);
}

TEST_CASE("names are escaped") { CHECK(contains(page_of(example::cells()), "Example CPU &lt;&amp;&gt;")); }

TEST_CASE("ticks are round and reach the highest value") {
  CHECK(round_ticks(1, 5) == std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1});
  CHECK(round_ticks(131.21, 5) == std::vector<double>{0, 50, 100, 150});
  CHECK(round_ticks(0, 5) == std::vector<double>{0, 1});
}

TEST_CASE("numbers are short for people") {
  CHECK(short_time(131.21) == "131.2 s");
  CHECK(short_time(2) == "2.000 s");
  CHECK(short_time(0.0312) == "31.2 ms");
  CHECK(short_bytes(0) == "0 B");
  CHECK(short_bytes(123'456) == "123 kB");
  CHECK(short_bytes(999'999) == "1.0 MB");
  CHECK(short_percent(0.004) == "0.4 %");
  CHECK(short_percent(0.973) == "97 %");
  CHECK(short_percent(no_number) == "-");
  CHECK(short_number(no_number) == "-");
  CHECK(counted(1, "track") == "1 track");
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
}
