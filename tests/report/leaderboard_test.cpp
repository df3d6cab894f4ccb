// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/leaderboard.hpp"

#include "config/json.hpp"
#include "models/classifier.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

trial_result result(const std::string& model, const std::string& split, double accuracy) {
  trial_result x;
  x.model = model;
  x.split = split;
  x.leaky = split == "random-chunk";
  x.test_chunks.rows = 300;
  x.test_chunks.accuracy = accuracy;
  x.test_tracks.rows = 30;
  x.test_tracks.accuracy = accuracy + 0.05;
  x.fit = {x.leaky ? 9.0 : 1.25, x.leaky ? 9.0 : 2.5};
  x.predict = {0.125, 0.25};
  return x;
}

/// The leaky split would crown knn, the honest one svm.
std::vector<trial_result> example() {
  return {result("knn", "grouped-track", 0.5),  result("svm", "grouped-track", 0.6),
          result("knn", "grouped-track", 0.52), result("svm", "grouped-track", 0.64),
          result("knn", "random-chunk", 0.9),   result("svm", "random-chunk", 0.7)};
}

} // namespace

TEST_CASE("models are ranked by the split that does not leak, beside the one that does") {
  const leaderboard board = leaderboard_of(example());
  CHECK(board.splits == std::vector<std::string>{"random-chunk", "grouped-track"});
  REQUIRE(board.rows.size() == 2);
  CHECK(board.rows[0].model == "svm");
  CHECK(board.rows[0].splits[0].leaky);
  CHECK(board.rows[0].splits[0].accuracy.mean == 0.7);
  CHECK(board.rows[0].splits[1].accuracy.mean == doctest::Approx(0.62));
  CHECK(board.rows[0].splits[1].trials == 2);
  CHECK(board.rows[0].published == 0.79767);
}

TEST_CASE("the table shows accuracy, deviation, tracks, cost and the report's figure, and marks what leaks") {
  leaderboard board = leaderboard_of(example());
  board.problems = {"mlp: training was cancelled"};
  CHECK(leaderboard_text(board) ==
        "model  random-chunk (LEAKY)     grouped-track  by track, grouped-track  fit CPU s  fit wall s  predict CPU s  "
        "predict wall s  report's (LEAKY)\n"
        "svm                  0.7000  0.6200 +- 0.0283         0.6700 +- 0.0283       2.50        1.25           0.25  "
        "          0.12            0.7977\n"
        "knn                  0.9000  0.5100 +- 0.0141         0.5600 +- 0.0141       2.50        1.25           0.25  "
        "          0.12            0.7653\n"
        "LEAKY: chunks of one track are on both sides of the split, which flatters every model; so are the report's.\n"
        "warning: mlp: training was cancelled\n");
}

TEST_CASE("any kinds of split make a board; what was not tried is a dash") {
  const leaderboard board =
      leaderboard_of(std::vector{result("knn", "k-fold", 0.5), result("no model", "groups", 0.4)});
  CHECK(board.splits == std::vector<std::string>{"k-fold", "groups"});
  CHECK(board.rows[0].model == "knn");
  CHECK(board.rows[1].published == 0);
  const std::string text = leaderboard_text(board);
  CHECK(text.find("knn       0.5000       -") != std::string::npos);
  CHECK(leaderboard_text(leaderboard_of(std::vector{result("knn", "random-chunk", 0.5)}))
            .find("by track, random-chunk (LEAKY)") != std::string::npos);
  CHECK(leaderboard_text(leaderboard_of({})).starts_with("model"));
}

TEST_CASE("a board reads back from JSON") {
  const std::string text = to_json(leaderboard_of(example()));
  leaderboard back;
  read_json(text, {"leaderboard.json", ""}, description_of(back));
  CHECK(to_json(back) == text);
}

TEST_CASE("every model of the report has its figure") {
  for (const char* name : {"knn", "random-forest", "svm", "mlp", "xgboost", "xgboost-forest"})
    CHECK(published_accuracy(name).value_or(0) > 0.7);
  CHECK(published_accuracy("xgboost") == 0.887);
  CHECK_FALSE(published_accuracy("oracle"));
}
