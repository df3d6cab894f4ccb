// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/tuning.hpp"

#include "config/json.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

search_settings two_folds(const std::string& metric = "accuracy") {
  search_settings settings;
  settings.folds = 2;
  settings.metric = metric;
  return settings;
}

std::vector<search_cell> cells() {
  return {{{{"n_estimators", "5"}}, "{}"}, {{{"n_estimators", "10"}}, "{}"}, {{{"n_estimators", "20"}}, "{}"}};
}

trial_result fold(double accuracy, double log_loss) {
  trial_result x;
  x.model = "xgboost";
  x.test_chunks = {100, accuracy, {}, accuracy - 0.1, 0, log_loss, 0};
  x.test_tracks = {10, accuracy + 0.1, {}, 0, 0, 0, 0};
  x.fit = {1.5, 1.25};
  return x;
}

/// The second cell is the most accurate, the first has the lowest loss, the third lacks a fold.
std::vector<std::optional<trial_result>> results() {
  return {fold(0.5, 1.0), fold(0.6, 1.2), fold(0.7, 2.0), fold(0.6, 2.0), std::nullopt, fold(0.9, 0.5)};
}

tuning_report example() {
  tuning_report x;
  x.model = "xgboost";
  x.search = two_folds();
  x.trials = 6;
  x.cells = tuning_cells(cells(), x.search, results());
  x.cells[2].problems = {"training was cancelled"};
  x.dispatch.policy = "threads";
  x.dispatch.lines = 2;
  return x;
}

} // namespace

TEST_CASE("cells are ranked by the mean of the metric; one that lacks a fold is not") {
  const auto board = tuning_cells(cells(), two_folds(), results());
  REQUIRE(board.size() == 3);
  CHECK(board[0].rank == 2);
  CHECK(board[1].rank == 1);
  CHECK(board[2].rank == 0);
  CHECK(best_of(board) == &board[1]);
  CHECK(board[1].figure.mean == doctest::Approx(0.65));
  CHECK(board[1].figure.deviation == doctest::Approx(0.0707107));
  CHECK(board[1].summary.trials == 2);
  CHECK(board[2].folds.size() == 1);
  CHECK(board[2].figure.mean == 0.9);
}

TEST_CASE("a loss is better when lower; of equals the earlier cell is better") {
  const auto by_loss = tuning_cells(cells(), two_folds("log-loss"), results());
  CHECK(by_loss[0].rank == 1);
  CHECK(by_loss[1].rank == 2);
  std::vector<std::optional<trial_result>> equal(6, fold(0.5, 1));
  const auto board = tuning_cells(cells(), two_folds(), equal);
  CHECK(board[0].rank == 1);
  CHECK(board[2].rank == 3);
}

TEST_CASE("a search without a whole cell has no best") {
  const std::vector<std::optional<trial_result>> none(6);
  CHECK(best_of(tuning_cells(cells(), two_folds(), none)) == nullptr);
}

TEST_CASE("the table is best first, the metric first, and tells what is missing") {
  tuning_report x = example();
  x.stopped_by_budget = true;
  x.budget_minutes = 0.5;
  x.trials_resumed = 3;
  CHECK(tuning_text(x) ==
        "Search for parameters of xgboost (grid): 3 cells, 6 trials, ranked by accuracy, mean over the folds\n"
        "rank  n_estimators          accuracy          macro-f1          log-loss    track-accuracy  folds  fit CPU s\n"
        "1               10  0.6500 +- 0.0707  0.5500 +- 0.0707  2.0000 +- 0.0000  0.7500 +- 0.0707      2       1.25\n"
        "2                5  0.5500 +- 0.0707  0.4500 +- 0.0707  1.1000 +- 0.1414  0.6500 +- 0.0707      2       1.25\n"
        "-               20            0.9000            0.8000            0.5000            1.0000      1       1.25\n"
        "policy threads, 2 lines: 0.0 s, 0.0 s of CPU; all trials 0.0 s of CPU\n"
        "3 trials were done by an earlier call\n"
        "the budget of 0.5 minutes ended before all trials were begun; --resume goes on\n"
        "warning: n_estimators=20: accuracy 0.9000: training was cancelled\n");
  x.leaky = true;
  x.split = "random-chunk";
  CHECK(tuning_text(x).find("LEAKY: split random-chunk") != std::string::npos);
}

TEST_CASE("tuning.json reads back") {
  const std::string text = to_json(example());
  tuning_report back;
  read_json(text, {"tuning.json", ""}, description_of(back));
  CHECK(to_json(back) == text);
  CHECK(back.cells[1].folds.size() == 2);
}
