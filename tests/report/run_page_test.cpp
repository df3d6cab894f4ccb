// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_page.hpp"

#include "report/page_assets.hpp"
#include "report/run_page_parts.hpp"
#include "report/task_stream.hpp"
#include "tests/report/run_folder_example.hpp"

#include <doctest/doctest.h>

#include <regex>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

/// The page without the library, whose comments name its home.
std::string own_part(std::string html) {
  if (const auto at = html.find(assets::chart_js); at != std::string::npos)
    html.erase(at, assets::chart_js.size());
  return html;
}

} // namespace

TEST_CASE("a run on 1000 tracks is a page of less than 2 MB that asks nobody for anything") {
  run_folder x = example::large_run();
  x.board = example::small_board();
  const std::string html = run_page(x);
  MESSAGE("bytes: ", html.size());
  CHECK(html.size() < 2'000'000);
  CHECK(html.size() > assets::chart_js.size());
  const std::string own = own_part(html);
  const std::regex outside{
      R"((https?:|wss?:)?//[a-z0-9.-]+\.[a-z]|(src|href|action)\s*=|url\(|@import|fetch\(|XMLHttp)"};
  std::smatch found;
  CHECK_MESSAGE(!std::regex_search(own, found, outside), found.str());
  for (const char* heading :
       {"How well", "Leaderboard", "What was taken for what", "Class by class", "What the model goes by",
        "Misclassified", "1 track failed", "1 doubtful track", "Where the time went", "How to make it again"})
    CHECK_MESSAGE(contains(own, std::string("<h2>") + heading), heading);
  CHECK(contains(own, "means nothing about music"));
  CHECK(contains(own, "fugato run 'a b.json'"));
  CHECK(contains(own, "jazz.00054.wav: must be audio &amp; &lt;more&gt;"));
  CHECK_FALSE(contains(own, "<gtzan>"));
  CHECK(count(own, "class=\"task task0\"") == 1000);
}

TEST_CASE("a leaky split is marked at every figure") {
  run_folder x = example::large_run();
  CHECK_FALSE(contains(own_part(run_page(x)), "LEAKY"));
  x = example::large_run(true);
  const std::string html = own_part(run_page(x));
  const std::string mark = "<span class=\"badge\">LEAKY</span>";
  CHECK(count(html, mark) == 7); // title, two evaluations, confusion, two levels of classes, misclassified
  CHECK(contains(html, "accuracy (LEAKY)"));
  CHECK(contains(html, "flatter it"));
}

TEST_CASE("a leaderboard marks what leaks, and only that") {
  const std::string html = leaderboard_section(example::small_board());
  CHECK(contains(html, "random-chunk <span class=\"badge\">LEAKY</span>"));
  CHECK(contains(html, "published <span class=\"badge\">LEAKY</span>"));
  CHECK_FALSE(contains(html, "grouped-track <span"));
  CHECK(contains(html, "0.5500 &plusmn; 0.0100"));
  CHECK(contains(html, "a problem"));
}

TEST_CASE("a search shows what each parameter does, and where two meet") {
  run_folder x = example::large_run();
  CHECK_FALSE(contains(run_page(x), "Search for parameters"));
  x.tuning = example::small_search();
  const std::string html = own_part(run_page(x));
  CHECK(contains(html, "<h2>Search for parameters"));
  CHECK(contains(html, "accuracy by n_estimators"));
  CHECK(contains(html, "accuracy by learning_rate"));
  CHECK(count(html, "n_estimators=10 learning_rate=0.1: accuracy 0.6300 +- 0.0141") == 3); // heat table, two charts
  CHECK(contains(html, R"("labels":["5","10"])"));
  CHECK_FALSE(contains(html, "budget"));

  x.tuning->cells.pop_back(); // no grid any more
  x.tuning->stopped_by_budget = true;
  x.tuning->budget_minutes = 2;
  const std::string partly = own_part(run_page(x));
  CHECK(count(partly, "n_estimators=10 learning_rate=0.01: accuracy") == 2);
  CHECK(contains(partly, "The budget of 2 minutes"));
}

TEST_CASE("a parameter with many values has an axis of numbers, by decades where they span some") {
  tuning_report x = example::small_search();
  const tuning_cell cell = x.cells.front();
  x.cells.clear();
  for (int i = 0; i < 20; ++i) {
    x.cells.push_back(cell);
    x.cells.back().choices = {{"depth", std::to_string(i)}, {"rate", fmt::format("{:.6f}", 1e-4 * (1 << i))}};
  }
  const std::string html = tuning_section(x);
  CHECK(count(html, R"("type":"linear")") == 1);
  CHECK(count(html, R"("type":"logarithmic")") == 1);
  CHECK(contains(tuning_section(example::small_search()), R"("type":"category")"));
  CHECK(tuning_section(tuning_report{}).empty());
}

TEST_CASE("tracks are judged by the mean of their chunks, and a cell names them") {
  judged_rows x;
  x.labels = {"a", "b"};
  x.track_names = {"one", "two"};
  x.tracks = {0, 1, 0, 1};
  x.numbers = {0, 1, 2, 3};
  x.truth = {0, 1, 0, 1};
  x.probabilities = {0.9F, 0.1F, 0.8F, 0.2F, 0.3F, 0.7F, 0.4F, 0.6F};
  const auto tracks = judged_tracks(x);
  REQUIRE(tracks.size() == 2);
  CHECK(tracks[0].name == "one");
  CHECK(tracks[0].predicted == 0);
  CHECK(tracks[0].rows == 2);
  CHECK(tracks[0].right == 1);
  CHECK(tracks[1].truth == 1);
  CHECK(tracks[1].predicted == 0);
  CHECK(tracks[1].probabilities[0] == doctest::Approx(0.6));

  run_report report;
  const std::string matrix = confusion_section(report, x);
  CHECK(contains(matrix, "data-tip=\"b taken for a: 1 of 1, 100 %\ntwo\""));
  CHECK(contains(matrix, "data-tip=\"a taken for a: 1 of 2, 50 %\none\""));
  const std::string mistakes = mistakes_section(report, x);
  CHECK(contains(mistakes, "1 of 2 tracks that were tested"));
  CHECK(contains(mistakes, "a 0.60, b 0.40"));
  CHECK(contains(mistakes, "1 of 2</td>"));
}

TEST_CASE("a table without tracks, a run without a model, and one without anything have pages too") {
  run_folder x = example::large_run();
  x.tested.tracks.clear();
  x.tested.track_names.clear();
  CHECK(contains(run_page(x), "row 17"));
  x.tested = {};
  x.report.evaluations.clear();
  x.report.training = {};
  x.report.training.problem = "training needs at least 2 classes";
  const std::string none = run_page(x);
  CHECK(contains(none, "training needs at least 2 classes"));
  CHECK_FALSE(contains(none, "<h2>How well"));
  CHECK(contains(run_page({}), "How to make it again"));
}

TEST_CASE("of very many tracks neighbours are drawn as one") {
  const std::vector<trace_event> events = example::large_run().stream;
  const auto merged = merged_events(events, 300);
  CHECK(merged.size() <= 302);
  CHECK(contains(merged.front().name, "4 tracks, "));
  CHECK(stream_span(merged) == doctest::Approx(stream_span(events)));
  CHECK(merged_events(events, 1000).size() == 1000);
}
