// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search.hpp"

#include "config/json.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace fugato;
using nlohmann::json;

namespace {

std::vector<search_cell> cells_of(const std::vector<std::string>& parameters, const std::string& method = "grid",
                                  const std::string& model = "xgboost") {
  search_settings settings;
  settings.method = method;
  settings.parameters = parameters;
  settings.trials = 40;
  return search_cells(settings, model, {});
}

std::string refusal(const std::vector<std::string>& parameters, const std::string& method = "grid") {
  return sentence(errc::settings, [&] { cells_of(parameters, method); });
}

/// What the cells have for one parameter.
std::vector<double> values_of(const std::vector<search_cell>& cells, const std::string& name) {
  std::vector<double> result;
  for (const search_cell& cell : cells)
    result.push_back(json::parse(cell.parameters)[name]);
  return result;
}

} // namespace

TEST_CASE("the default is the report's grid, the last parameter innermost, other parameters as set") {
  model_settings models;
  hyper_parameters section{models.at("xgboost")};
  read_json(R"({"max_depth": 4, "learning_rate": 0.7})", {"test", ""}, description_of(section));
  const auto cells = search_cells({}, "xgboost", models);
  REQUIRE(cells.size() == 12);
  CHECK(values_of(cells, "n_estimators") ==
        std::vector<double>{250, 250, 250, 500, 500, 500, 750, 750, 750, 1000, 1000, 1000});
  CHECK(values_of(cells, "learning_rate") ==
        std::vector<double>{0.01, 0.05, 0.1, 0.01, 0.05, 0.1, 0.01, 0.05, 0.1, 0.01, 0.05, 0.1});
  CHECK(values_of(cells, "max_depth") == std::vector<double>(12, 4));
  CHECK(cells[4].choices[0].name == "n_estimators");
  CHECK(cells[4].choices[1].value == "0.05");
}

TEST_CASE("a value may be a list; blanks do not count") {
  const auto cells = cells_of({" hidden_layer_sizes = [50, 10],[20]"}, "grid", "mlp");
  REQUIRE(cells.size() == 2);
  CHECK(json::parse(cells[0].parameters)["hidden_layer_sizes"] == json{50, 10});
  CHECK(json::parse(cells[1].parameters)["hidden_layer_sizes"] == json{20});
}

TEST_CASE("parameters and values are checked against the model's, and errors name the place") {
  CHECK(refusal({"n_estimators=10", "n_estimator=3"}) ==
        "/tune/parameters/1 (\"n_estimator=3\"): /models/xgboost/n_estimator: unknown setting; did you mean "
        "'n_estimators'?");
  CHECK(refusal({"n_estimators=10,0"}) ==
        "/tune/parameters/0 (\"n_estimators=10,0\"): /models/xgboost/n_estimators: must lie in [1, 100000], found 0");
  CHECK(refusal({"n_estimators=1.5"}).ends_with("/models/xgboost/n_estimators: must be a whole number, found 1.5"));
  CHECK(refusal({"learning_rate="}).find("must be a number") != std::string::npos);
  CHECK(refusal({"learning_rate=0.1,0.10"}) ==
        "/tune/parameters/0 (\"learning_rate=0.1,0.10\"): values must differ, but 0.10 is there twice");
  CHECK(refusal({"learning_rate=0.1", "learning_rate=0.2"}) ==
        "/tune/parameters/1: each parameter must be named once, found learning_rate again");
  CHECK(refusal({}) == "/tune/parameters: must name at least one parameter");
  for (const char* text : {"learning_rate", "=3", "a.b=3", ""})
    CHECK(refusal({text}).ends_with("must have the form NAME=VALUE,VALUE,... or NAME=LOW..HIGH"));
  CHECK(sentence(errc::settings, [] {
          search_cells({}, "knn", {});
        }).find("/models/knn/n_estimators: unknown setting") != std::string::npos);
}

TEST_CASE("a grid takes no range, and no more cells than anybody waits for") {
  CHECK(refusal({"learning_rate=0.1..0.3"}) ==
        "/tune/parameters/0: a grid needs a list of values for learning_rate; ranges are for tune.method = random");
  std::string many = "n_estimators=1";
  for (int i = 2; i <= 400; ++i)
    many += "," + std::to_string(i);
  std::string deep = "max_depth=1";
  for (int i = 2; i <= 32; ++i)
    deep += "," + std::to_string(i);
  CHECK(refusal({many, deep, "learning_rate=0.01,0.02,0.03,0.04,0.05,0.1,0.2,0.3"}) ==
        "/tune/parameters: must make at most 100000 cells");
}

TEST_CASE("ranges need two numbers in order that the parameter takes") {
  const auto wrong = [](const std::string& text) { return refusal({text}, "random"); };
  CHECK(wrong("learning_rate=0.3..0.1").ends_with("the lower end of a range must lie below the upper one"));
  CHECK(wrong("learning_rate=0.1..").ends_with("LOW..HIGH or log:LOW..HIGH, with numbers"));
  CHECK(wrong("learning_rate=log:0.1").find("must be a number") != std::string::npos);
  CHECK(wrong("n_estimators=0..5").find("/models/xgboost/n_estimators: must lie in ") != std::string::npos);
  CHECK(wrong("n_estimators=1..5.5").find("must be a whole number") != std::string::npos);
  CHECK(wrong("gamma=log:0..1").ends_with("a logarithmic range must lie above 0"));
}

TEST_CASE("a random search draws different cells from lists and ranges, the same ones each time") {
  const std::vector<std::string> spaces{"learning_rate=log:0.001..1", "max_depth=3..10", "n_estimators=5,6"};
  const auto cells = cells_of(spaces, "random");
  REQUIRE(cells.size() == 40);
  std::set<std::string> different;
  for (const search_cell& cell : cells)
    different.insert(cell.parameters);
  CHECK(different.size() == 40);

  const auto rates = values_of(cells, "learning_rate");
  CHECK(*std::min_element(rates.begin(), rates.end()) >= 0.001);
  CHECK(*std::max_element(rates.begin(), rates.end()) <= 1);
  // a third of the draws in each decade: 40 of them leave the middle third of the ratios with 5 to 25
  const auto middle = std::count_if(rates.begin(), rates.end(), [](double x) { return x > 0.01 && x < 0.1; });
  CHECK(middle >= 5);
  CHECK(middle <= 25);
  const auto depths = values_of(cells, "max_depth");
  CHECK(std::set<double>(depths.begin(), depths.end()) == std::set<double>{3, 4, 5, 6, 7, 8, 9, 10});
  const auto rounds = values_of(cells, "n_estimators");
  CHECK(std::set<double>(rounds.begin(), rounds.end()) == std::set<double>{5, 6});

  const auto again = cells_of(spaces, "random");
  search_settings other;
  other.method = "random";
  other.parameters = spaces;
  other.seed = 1;
  CHECK(std::equal(cells.begin(), cells.end(), again.begin(),
                   [](const auto& a, const auto& b) { return a.parameters == b.parameters; }));
  CHECK(search_cells(other, "xgboost", {})[0].parameters != cells[0].parameters);
  CHECK(cells_of({"max_depth=3..10"}, "random").size() == 8); // all that there are
}

TEST_CASE("each cell is tried by each fold of the training rows, never by the test rows") {
  train_settings how{"xgboost", 5, {}};
  how.split.kind = "k-fold";
  search_settings settings;
  settings.folds = 4;
  const auto cells = cells_of({"n_estimators=2,3"});
  const auto trials = search_trials(cells, settings, how);
  REQUIRE(trials.size() == 8);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    CHECK(trials[i].parameters == cells[i / 4].parameters);
    CHECK(trials[i].tuning_fold == i % 4);
    CHECK(trials[i].tuning_folds == 4);
    CHECK(trials[i].part == 0);
    CHECK(trials[i].seed == 5);
    CHECK(trials[i].split.kind == "k-fold");
  }
}

TEST_CASE("metrics know their figure and which way is better") {
  trial_result x;
  x.test_chunks = {10, 0.5, {}, 0.4, 0, 1.5, 0};
  x.test_tracks.accuracy = 0.7;
  const auto of = [&](const char* name) { return search_metrics().at(name).of(x); };
  CHECK(of("accuracy") == 0.5);
  CHECK(of("macro-f1") == 0.4);
  CHECK(of("log-loss") == 1.5);
  CHECK(of("track-accuracy") == 0.7);
  CHECK(search_metrics().at("accuracy").better(0.6, 0.5));
  CHECK(search_metrics().at("log-loss").better(0.5, 0.6));
}

TEST_CASE("a table that does not suit the search is refused before the work begins") {
  search_settings settings;
  check(settings, {}, blobs());
  settings.folds = 100;
  CHECK_THROWS_AS(check(settings, {}, blobs()), error);
  dataset nameless = blobs();
  nameless.tracks.clear();
  nameless.track_names.clear();
  nameless.chunks.clear();
  settings.folds = 3;
  settings.metric = "track-accuracy";
  train_settings how;
  how.split.kind = "random-chunk";
  CHECK(sentence(errc::settings, [&] { check(settings, how, nameless); }).starts_with("/tune/metric: track-accuracy "));
  dataset unlabelled = blobs();
  unlabelled.labels.clear();
  CHECK_THROWS_AS(check({}, {}, unlabelled), error);
}
