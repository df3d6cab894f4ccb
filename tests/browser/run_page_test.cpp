// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_page.hpp"

#include "tests/browser/page_file.hpp"
#include "tests/report/run_folder_example.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("the page of a run on 1000 tracks is as it should be") {
  if (!browsing::available())
    return;
  run_folder run = example::large_run();
  run.board = example::small_board();
  const browsing::page_file file{run_page(run)};
  browsing::browser chromium;
  CHECK(chromium.look("run-page", file.url(),
                      {"h1", ".keys strong", "canvas#leaderboard", ".heat td[data-tip]", "canvas#classes-track",
                       "canvas#classes-chunk", "canvas#importance", ".scrolling table", "#stream rect.task",
                       "pre#command", ".facts"}) == "");

  SUBCASE("resting on a cell of the confusion matrix shows the tracks behind it") {
    chromium.open(file.url(), 1280);
    chromium.evaluate("document.querySelector('.heat td[data-tip]')"
                      ".dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))");
    const std::string tip = chromium.evaluate("document.querySelector('.tip').textContent");
    CHECK(tip.starts_with("\"blues taken for blues: "));
    CHECK(tip.find("\\nblues.00") != std::string::npos);
  }
  SUBCASE("all columns show when they are asked for") {
    chromium.open(file.url(), 390);
    chromium.evaluate("document.querySelector('summary').click()");
    CHECK(chromium.evaluate("[...document.querySelectorAll('details tr')].length") == "88");
    CHECK(chromium.evaluate("document.querySelector('details table').getClientRects().length") == "1");
  }
}
