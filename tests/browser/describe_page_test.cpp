// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/describe_page.hpp"

#include "tests/browser/page_file.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

std::string page_of(const std::string& text) {
  return describe_page(profile_of(parse_any_table(text, "t.csv"), "t.csv"));
}

} // namespace

TEST_CASE("the page of a described table is as it should be") {
  if (!browsing::available())
    return;
  const std::string table = std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv";
  const browsing::page_file file{describe_page(
      profile_of(read_any_table(table), "/a/folder/with/a/long/name/that/has/no/blanks/anywhere/describe.csv"))};
  browsing::browser chromium;
  CHECK(chromium.look("describe", file.url(),
                      {".keys strong", ".warning", "canvas#classes", "canvas#projection", "canvas#boxes", "#feature",
                       "#heat", ".tall td"}) == "");

  {                                                                                  // another feature can be chosen
    CHECK(chromium.evaluate("document.getElementById('feature').value") == "\"e\""); // tells classes apart best
    chromium.evaluate(
        "{const s = document.getElementById('feature'); s.value = 'a'; s.dispatchEvent(new Event('change'))}");
    CHECK(chromium.evaluate("Chart.getChart('boxes').options.scales.x.title.text") == "\"a\"");
    CHECK(chromium.evaluate("Chart.getChart('boxes').data.datasets[1].data[0]") == "[2.422,5.79]");
    CHECK(chromium.evaluate("Chart.getChart('boxes').data.datasets[2].data[0].x") == "3.435");
    CHECK(chromium.complaints().empty());
  }
  { // features can be listed as in the table
    chromium.evaluate(
        "{const s = document.getElementById('sorting'); s.value = 'table'; s.dispatchEvent(new Event('change'))}");
    CHECK(chromium.evaluate("[...document.querySelectorAll('#feature option')].map(x => x.value).join()") ==
          "\"a,b,c,d,e,flat\"");
  }
  { // a square of the correlation tells its pair
    chromium.evaluate("{const i = document.getElementById('heat'); const b = i.getBoundingClientRect(); "
                      "i.dispatchEvent(new PointerEvent('pointermove', {clientX: b.left + b.width * 0.5, "
                      "clientY: b.top + b.height * 0.3}))}");
    CHECK(chromium.evaluate("document.getElementById('pair').textContent") == "\"a and c: r = 1.00\"");
    CHECK(chromium.evaluate("[...document.querySelectorAll('.heatmap .marked')].map(x => x.textContent).join()") ==
          "\"a,c\"");
  }
  { // points tell their tracks
    CHECK(chromium.evaluate("Chart.getChart('projection').data.datasets[0].tips[0]") == "\"blues.00000 (blues)\"");
  }
}

TEST_CASE("the page of a table with little in it is as it should be") {
  if (!browsing::available())
    return;
  const browsing::page_file file{page_of("x,y\n1,NaN\n2,\n")};
  browsing::browser chromium;
  CHECK(chromium.look("describe-little", file.url(), {".warning", "canvas#boxes", ".tall td"}) == "");
}
