// SPDX-License-Identifier: GPL-3.0-or-later
// XGBoost's own ranks, as threads, with our tracker between them.
#include "actors/tracker.hpp"

#include "config/json.hpp"
#include "models/collective.hpp"
#include "models/settings.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

using namespace fugato;

namespace {

using namespace std::chrono_literals;

const dataset table = blobs({.classes = 4, .tracks_per_class = 20, .chunks = 5, .noise = 2});

std::vector<std::string> names(std::uint32_t ranks) {
  std::vector<std::string> result;
  for (std::uint32_t i = 0; i < ranks; ++i)
    result.push_back("rank-" + std::to_string(i));
  return result;
}

fit_context context() {
  fit_context result;
  result.classes = 4;
  result.columns = table.columns;
  return result;
}

void set(classifier& model, const std::string& json) {
  hyper_parameters section{model};
  read_json(json, {"test", ""}, description_of(section));
}

/// What all ranks answer: models, or sentences of errors.
struct outcome {
  std::vector<std::string> models;
  std::vector<std::string> errors;
  std::vector<checkpoint> told;
  std::string problem;
};

outcome learn(const std::string& name, const std::string& parameters, std::uint32_t ranks, std::uint32_t coming,
              double seconds = 60, const std::string& initial = "") {
  outcome result;
  std::mutex lock;
  tracker meeting{names(ranks), std::make_shared<rank_ways>(ranks), seconds, [&](const tracker_protocol::message& x) {
                    const std::lock_guard hold{lock};
                    result.told.push_back(checkpoint_from(x.text));
                  }};
  meeting.begin();
  std::vector<std::thread> threads;
  for (std::uint32_t rank = 0; rank < coming; ++rank)
    threads.emplace_back([&, rank] {
      model_settings models;
      classifier& model = models.at(name);
      set(model, parameters);
      const rank_job job{meeting.port(), names(ranks)[rank], ranks, 20, 5, initial};
      try {
        std::string learnt = model.collective()->fit_together(shard_of(table, rank, ranks), context(), job);
        const std::lock_guard hold{lock};
        result.models.push_back(std::move(learnt));
      } catch (const error& e) {
        const std::lock_guard hold{lock};
        result.errors.emplace_back(e.what());
      }
    });
  for (std::thread& each : threads)
    each.join();
  result.problem = meeting.problem();
  return result;
}

double accuracy_of(const classifier& model) {
  const auto p = model.predict_proba({table.width(), table.values, {}}, 1);
  std::size_t right = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto row = p.begin() + static_cast<std::ptrdiff_t>(4 * i);
    right += static_cast<std::size_t>(std::max_element(row, row + 4) - row) == table.labels[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(table.rows());
}

double accuracy(const std::string& name, const std::string& learnt) {
  model_settings models;
  models.at(name).collective()->adopt(learnt);
  return accuracy_of(models.at(name));
}

double local_accuracy(const std::string& name, const std::string& parameters) {
  model_settings models;
  set(models.at(name), parameters);
  models.at(name).fit({table.width(), table.values, table.labels}, context());
  return accuracy_of(models.at(name));
}

constexpr const char* few_rounds = R"({"n_estimators": 12, "max_depth": 3, "learning_rate": 0.3})";

} // namespace

TEST_CASE("one, two and three ranks learn one model, about as good as that of one process") {
  const double alone = local_accuracy("xgboost", few_rounds);
  CHECK(alone > 0.7);
  for (const std::uint32_t ranks : {1U, 2U, 3U}) {
    CAPTURE(ranks);
    const outcome x = learn("xgboost", few_rounds, ranks, ranks);
    CHECK(x.errors == std::vector<std::string>{});
    REQUIRE(x.models.size() == ranks);
    for (const std::string& each : x.models)
      CHECK((each == x.models[0]));
    CHECK(x.problem.empty());
    // sketches are merged, so that bins' borders, and with them some splits, differ a little
    CHECK(accuracy("xgboost", x.models[0]) == doctest::Approx(alone).epsilon(0.03));
    REQUIRE(x.told.size() == 2); // after 5 and 10 of 12 rounds
    CHECK(x.told[1].done == 10);
    CHECK(x.told[1].of == 12);
    CHECK((learn("xgboost", few_rounds, ranks, ranks).models[0] == x.models[0]));
    const outcome rest = learn("xgboost", few_rounds, ranks, ranks, 60, x.told[1].model);
    REQUIRE(rest.models.size() == ranks);
    CHECK((rest.models[0] == x.models[0])); // taken up again from a checkpoint
  }
}

TEST_CASE("a forest's ranks learn one model too") {
  const std::string forest = R"({"n_estimators": 20, "max_depth": 4})";
  const double alone = local_accuracy("xgboost-forest", forest);
  const outcome x = learn("xgboost-forest", forest, 3, 3);
  CHECK(x.errors == std::vector<std::string>{});
  REQUIRE(x.models.size() == 3);
  CHECK((x.models[1] == x.models[0]));
  CHECK((x.models[2] == x.models[0]));
  // each rank draws other rows than one process would
  CHECK(accuracy("xgboost-forest", x.models[0]) == doctest::Approx(alone).epsilon(0.08));
}

TEST_CASE("ranks that wait in vain for another are told so soon") {
  const auto start = std::chrono::steady_clock::now();
  const outcome x = learn("xgboost", few_rounds, 3, 2, 4); // enough for those that come, on a busy machine too
  CHECK(std::chrono::steady_clock::now() - start < 60s);
  CHECK(x.models.empty());
  CHECK(x.errors.size() == 2);
  CHECK(x.problem == "all 3 ranks must come within 4 s, but rank 2 did not");
}

TEST_CASE("what ranks cannot learn together is refused") {
  model_settings models;
  CHECK(models.at("knn").collective() == nullptr);
  classifier& model = models.at("xgboost");
  set(model, R"({"tree_method": "exact"})");
  CHECK(sentence(errc::settings, [&] { model.collective()->check_collective(); }) ==
        "tree_method: must be hist or approx where ranks learn together, found exact");
  set(model, R"({"tree_method": "hist", "early_stopping_rounds": 4})");
  CHECK(sentence(errc::settings, [&] { model.collective()->check_collective(); }) ==
        "early_stopping_rounds: must be 0 where ranks learn together, found 4");
}

TEST_CASE("nobody is late before the first rank may come") {
  tracker meeting{names(2), std::make_shared<rank_ways>(2), 0.05, [](const tracker_protocol::message&) {}};
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(meeting.problem().empty());
  meeting.begin();
  while (meeting.problem().empty()) // the test's deadline is ctest's
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(meeting.problem().find("must come within 0.05 s, but rank 0 and rank 1 did not") != std::string::npos);
}
