// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/describe_page.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

table_profile profile(const std::string& text) { return profile_of(parse_any_table(text, "t.csv"), "t.csv"); }

/// The JSON of a page's element.
nlohmann::json data_of(const std::string& html, const std::string& id) {
  const std::string begin = "id=\"" + id + "\">";
  const auto from = html.find(begin) + begin.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

} // namespace

TEST_CASE("a page has all parts, and the figures of the boxes") {
  const table_profile x =
      profile_of(read_any_table(std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv"), "describe.csv");
  const std::string html = describe_page(x);
  for (const char* part : {"What is odd", "Classes", "Projection", "Distributions", "Correlation", "Features"})
    CHECK(contains(html, "<h2>" + std::string(part) + "</h2>"));
  const auto boxes = data_of(html, "distributions");
  CHECK(boxes["labels"] == nlohmann::json{"blues", "jazz", "rock"});
  CHECK(boxes["features"].size() == 6);
  CHECK(boxes["features"][0]["boxes"][0][3].get<double>() == doctest::Approx(3.435));
  CHECK(boxes["features"][0]["boxes"][0][7] == 8);
  CHECK(data_of(html, "correlation")["columns"].size() == 5);
  CHECK(data_of(html, "correlation")["r"].get<std::string>().size() == 36); // 25 bytes
  CHECK(contains(html, "PC1 (47.5 % of the variance)"));
  CHECK(contains(html, "blues.00000 (blues)"));
  CHECK(contains(html, "Columns that do not vary: flat (5)."));
  CHECK_FALSE(contains(html, "http://"));
}

TEST_CASE("a page without labels, names, correlation and projection says so") {
  const std::string html = describe_page(profile("x,y\n1,NaN\n2,\n"));
  CHECK(contains(html, "There is none: a projection needs at least 2 columns"));
  CHECK(contains(html, "the table has no labels"));
  CHECK_FALSE(contains(html, "id=\"heat\""));
  CHECK(data_of(html, "distributions")["labels"] == nlohmann::json{"all rows"});
}

TEST_CASE("foreign names cannot end the page's scripts") {
  const std::string html =
      describe_page(profile("filename,</script><b>,\"y,\"\"\",label\nt.wav,1,2,</script>\nu.wav,2,1,b\n"));
  CHECK_FALSE(contains(html, "</script><b>"));
  CHECK(data_of(html, "distributions")["features"][0]["name"] == "</script><b>");
}
