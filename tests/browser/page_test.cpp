// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page.hpp"

#include "tests/browser/page_file.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

std::string bars(const std::string& id) {
  return chart_canvas({id, "bars", 160, R"({"type":"bar","data":{"labels":["a","b"],"datasets":[{"label":"x",
    "data":[3,4],"backgroundColor":["--c0","--blue/0.4"],"tips":["<b>one</b>","two"]}]}})"});
}

} // namespace

TEST_CASE("a page with all of its parts is as it should be") {
  if (!browsing::available())
    return;
  std::vector<heat_row> heat;
  table_rows wide(3);
  for (int i = 0; i < 30; ++i) {
    for (auto& row : wide)
      row.push_back("column " + std::to_string(i));
    heat.push_back({"row", std::vector<heat_cell>(30, {"1", 0.5, "<i>first\nsecond"})});
  }
  const browsing::page_file file{page(
      "Parts", key_figures({{"tracks", "1000", "of 10 genres"}, {"rows", "9990", ""}}) +
                   section("Charts", "of two kinds", wide_cards(card("Bars", bars("a")) + card("More", bars("b")))) +
                   section("Tables", "", table(wide, 1) + facts({{"what", std::string(300, 'x')}})) +
                   heat_table("truth", std::vector<std::string>(30, "class"), heat))};
  browsing::browser chromium;
  const auto problems = chromium.look("parts", file.url(), {"h2", "canvas#a", ".heat td", ".facts", ".keys strong"});
  CHECK(problems == "");

  SUBCASE("a cell tells what it holds, as text") {
    chromium.evaluate("document.querySelector('.heat td').focus()");
    CHECK(chromium.evaluate("document.querySelector('.tip').textContent") == "\"<i>first\\nsecond\"");
    chromium.evaluate("document.activeElement.blur()");
    CHECK(chromium.evaluate("document.querySelector('.tip')") == "null");
  }
  SUBCASE("colours are those of the page, and follow its scheme") {
    const char* const first = "Chart.getChart('a').data.datasets[0].backgroundColor";
    CHECK(chromium.evaluate(first) == R"x(["#2a6fc9","rgba(42, 111, 201, 0.4)"])x");
  }
  SUBCASE("points tell what they are given to tell") {
    CHECK(chromium.evaluate("Chart.getChart('a').options.plugins.tooltip.callbacks.label.call({}, "
                            "{dataset: Chart.getChart('a').data.datasets[0], dataIndex: 0})") == "\"<b>one</b>\"");
  }
}

TEST_CASE("what is wrong with a page is found") {
  if (!browsing::available())
    return;
  const browsing::page_file file{page("Wrong",
                                      "<div style=\"width:2000px\">wide</div><canvas id=\"void\"></canvas>"
                                      "<p id=\"hidden\" hidden>hidden</p>",
                                      "fetch('https://example.org/'); console.error('complaint'); missing.thing();")};
  browsing::browser chromium;
  const auto problems = chromium.look("wrong", file.url(), {"#absent", "#hidden"});
  CAPTURE(problems);
  for (const char* expected :
       {"1280 pixels: content is 2", "390 pixels: content is 2", "#absent is missing", "#hidden is not visible",
        "canvas void is empty", "complaint", "missing is not defined", "Content Security Policy"})
    CHECK_MESSAGE(problems.find(expected) != std::string::npos, expected);
}
