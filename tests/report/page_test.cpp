// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page.hpp"

#include "report/page_assets.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string source(const std::string& name) {
  std::ifstream in{std::string(FUGATO_SOURCE_DIR) + "/report/" + name, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const chart example{"example", "An <example>", 200, R"({"type":"bar","data":{"labels":["</script><b>&\u2028"]}})"};

} // namespace

TEST_CASE("files are built in as they are") {
  CHECK(assets::page_css == source("page.css"));
  CHECK(assets::page_js == source("page.js"));
  CHECK(contains(std::string(assets::chart_js), "Chart.js v3.9"));
  CHECK_FALSE(contains(std::string(assets::chart_js), "</script"));
}

TEST_CASE("a chart cannot end the script that holds it") {
  const std::string html = chart_canvas(example);
  CHECK(contains(html, R"("labels":["\u003c/script\u003e\u003cb\u003e\u0026)"));
  CHECK(contains(html, "aria-label=\"An &lt;example&gt;\""));
  CHECK(contains(html, "style=\"height:200px\""));
  CHECK(html.find("</script>") == html.rfind("</script>"));
}

TEST_CASE("a chart that is no JSON is a mistake of ours") {
  CHECK(contains(sentence(errc::internal, [] { chart_canvas({"x", "x", 100, "{"}); }), "must be JSON"));
}

TEST_CASE("a page has the scripts that it needs, and may not turn to anybody") {
  const std::string plain = page("a <title>", "<p>text</p>");
  CHECK(plain.starts_with("<!DOCTYPE html>"));
  CHECK(contains(plain, "<title>a &lt;title&gt;</title>"));
  CHECK_FALSE(contains(plain, "<script"));
  CHECK(contains(plain, "default-src 'none'"));
  CHECK_FALSE(contains(plain, "connect-src"));

  const std::string tips = page("tips", "<p data-tip=\"x\">text</p>");
  CHECK(contains(tips, assets::page_js));
  CHECK_FALSE(contains(tips, assets::chart_js));

  const std::string drawn = page("chart", chart_canvas(example), "live();", reach::own_server);
  CHECK(drawn.find(assets::chart_js) < drawn.find(assets::page_js));
  CHECK(drawn.find(assets::page_js) < drawn.find("live();"));
  CHECK(contains(drawn, "connect-src 'self'"));
}
