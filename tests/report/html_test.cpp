// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fugato;

TEST_CASE("text is escaped, bytes that are no text are replaced") {
  CHECK(escaped("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
  CHECK(escaped("caf\xC3\xA9 \xE9\x01") == "caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(escaped(std::string_view("a\0b", 3)) == "a\xEF\xBF\xBD"
                                                "b");
}

TEST_CASE("an element has its attributes, those without a value left out") {
  CHECK(element("text", {{"x", "1"}, {"class", "\"a\""}}, "<b></b>") ==
        "<text x=\"1\" class=\"&quot;a&quot;\"><b></b></text>");
  CHECK(element("td", {{"class", ""}, {"style", "x"}}) == "<td style=\"x\"></td>");
}

TEST_CASE("parts of a page escape what they are given") {
  const std::string foreign = "<script>\"&";
  const std::string safe = "&lt;script&gt;&quot;&amp;";
  for (const std::string& html :
       {paragraph(foreign), section(foreign, foreign, ""), card(foreign, ""), figure(foreign, ""),
        key_figures({{foreign, foreign, foreign}}), table({{foreign}, {foreign}}, 1), facts({{foreign, foreign}}),
        heat_table(foreign, {foreign}, {{foreign, {{foreign, 0.5, foreign}}}})}) {
    CAPTURE(html);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find(safe) != std::string::npos);
  }
}

TEST_CASE("a table has a heading and words at the left") {
  const std::string html = table({{"name", "value"}, {"a", "1"}}, 1);
  CHECK(html.find("<th class=\"words\">name</th><th>value</th>") != std::string::npos);
  CHECK(html.find("<td class=\"words\">a</td><td>1</td>") != std::string::npos);
}

TEST_CASE("a cell's colour is as strong as its share") {
  const std::string html =
      heat_table("truth", {"a", "b", "c"}, {{"x", {{"0", 0, ""}, {"1", 0.25, "one"}, {"9", 2, ""}}}});
  CHECK(html.find("<td>0</td>") != std::string::npos);
  CHECK(html.find("<td style=\"--v:0.25\" data-tip=\"one\" tabindex=\"0\">1</td>") != std::string::npos);
  CHECK(html.find("<td class=\"strong\" style=\"--v:1\">9</td>") != std::string::npos);
}
