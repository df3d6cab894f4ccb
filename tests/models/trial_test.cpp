// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "models/trial.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>

using namespace fugato;

namespace {

const std::string few_rounds = R"({"n_estimators": 10})";

trial example() {
  trial x{"xgboost", few_rounds};
  x.seed = 3;
  return x;
}

/// A result without its times, which differ from run to run.
std::string figures(trial_result x) {
  x.fit = {};
  x.predict = {};
  return to_json(x);
}

} // namespace

TEST_CASE("a trial is what training with the same settings gives, in brief") {
  const dataset table = blobs({.noise = 1.5F});
  trial what = example();
  what.probabilities = true;
  const trial_result brief = run_trial(table, what, 1);

  model_settings models;
  set_parameters(models.at("xgboost"), few_rounds);
  const training_result whole = train(table, {"xgboost", 3, {}}, models, 1);
  CHECK(brief.model == "xgboost");
  CHECK(brief.split == "grouped-track");
  CHECK_FALSE(brief.leaky);
  CHECK(brief.test_chunks.rows == whole.test.chunks.rows);
  CHECK(brief.test_chunks.accuracy == whole.test.chunks.accuracy);
  CHECK(brief.test_chunks.macro_f1 == whole.test.chunks.macro.f1);
  CHECK(brief.test_chunks.weighted_f1 == whole.test.chunks.weighted.f1);
  CHECK(brief.test_chunks.log_loss == whole.test.chunks.log_loss);
  CHECK(brief.test_chunks.top3 == whole.test.chunks.top3);
  CHECK(brief.test_chunks.accuracy_interval.low == whole.test.chunks.accuracy_interval.low);
  CHECK(brief.test_tracks.accuracy == whole.test.tracks.accuracy);
  CHECK(brief.train_chunks.log_loss == whole.train.chunks.log_loss);
  CHECK(brief.train_tracks.rows == 21);
  CHECK(brief.fit.wall_seconds > 0);
  CHECK(brief.fit.cpu_seconds > 0);
  CHECK(brief.probabilities == std::vector<double>(whole.test.probabilities.begin(), whole.test.probabilities.end()));
}

TEST_CASE("a trial that travels as JSON gives the same result, for any number of threads") {
  const dataset table = blobs({.noise = 1.5F});
  trial what = example();
  what.split.kind = "k-fold";
  what.split.folds = 3;
  what.part = 2;
  what.probabilities = true;
  trial told;
  read_json(to_json(what), {"trial", ""}, description_of(told));
  const trial_result result = run_trial(table, what, 1);
  CHECK(figures(run_trial(table, told, 2)) == figures(result));
  CHECK(result.fold == 2);

  trial_result back;
  read_json(to_json(result), {"result", ""}, description_of(back));
  CHECK(to_json(back) == to_json(result));
  CHECK(back.probabilities == result.probabilities);
}

TEST_CASE("a leaky split leaves its mark on the result") {
  trial what = example();
  what.split.kind = "random-chunk";
  CHECK(run_trial(blobs(), what, 1).leaky);
}

TEST_CASE("a plan has a trial for each split, and the first is what train does") {
  train_settings settings{"xgboost", std::numeric_limits<std::uint32_t>::max(), {}};
  settings.split.kind = "k-fold";
  settings.split.folds = 3;
  settings.split.repeats = 2;
  settings.split.seed = 8;
  model_settings models;
  set_parameters(models.at("xgboost"), few_rounds);
  const auto trials = trials_of(settings, models);
  REQUIRE(trials.size() == 6);
  CHECK(trials[0].seed == settings.seed);
  CHECK(trials[2].part == 2);
  CHECK(trials[2].seed == settings.seed);
  CHECK(trials[3].seed == 0); // of the second repetition, wrapped around
  const dataset table = blobs({.noise = 1.5F});
  CHECK(figures(run_trial(table, trials[0], 1)) == figures(summary_of(train(table, settings, models, 1))));
  std::uint64_t tested = 0;
  for (std::size_t i = 0; i < 3; ++i)
    tested += run_trial(table, trials[i], 1).test_chunks.rows;
  CHECK(tested == table.rows());
  CHECK(run_trial(table, trials[5], 1).repeat == 1);
}

TEST_CASE("tuning never looks at the test part") {
  const dataset table = blobs({.noise = 1.5F});
  dataset spoilt = table;
  for (const std::uint32_t row : split_rows(table, {}).test) {
    spoilt.labels[row] = (table.labels[row] + 1) % 3;
    spoilt.values[row * table.width()] += 100;
  }
  std::uint64_t judged = 0;
  for (std::uint32_t fold = 0; fold < 4; ++fold) {
    trial what = example();
    what.tuning_folds = 4;
    what.tuning_fold = fold;
    const trial_result result = run_trial(table, what, 1);
    CHECK(figures(run_trial(spoilt, what, 1)) == figures(result));
    judged += result.test_chunks.rows;
  }
  CHECK(judged == split_rows(table, {}).train.size());
  trial single = example();
  single.tuning_folds = 1;
  CHECK(figures(run_trial(spoilt, single, 1)) == figures(run_trial(table, single, 1)));
}

TEST_CASE("wrong trials are errors") {
  const auto refusal = [](errc code, const trial& what) {
    return sentence(code, [&] { run_trial(blobs(), what, 1); });
  };
  trial what = example();
  what.parameters = R"({"n_estimator": 1})";
  CHECK(refusal(errc::settings, what) == "models.xgboost: /n_estimator: unknown setting; did you mean 'n_estimators'?");
  what = example();
  what.model = "xgbost";
  CHECK(refusal(errc::settings, what) == "unknown model 'xgbost'; did you mean 'xgboost'?");
  what = example();
  what.part = 1;
  CHECK(refusal(errc::internal, what) == "split 1 must be one of 1");
  what = example();
  what.tuning_folds = 2;
  what.tuning_fold = 2;
  CHECK(refusal(errc::settings, what) == "tuning_fold must be below 2, found 2");
  const std::atomic<bool> cancel = true;
  CHECK(sentence(errc::internal, [&] { run_trial(blobs(), example(), 1, &cancel); }) ==
        "training was cancelled after 0 rounds");
}

TEST_CASE("rivals are all models by the plan's split and one that leaks, those that take longest first") {
  train_settings settings;
  settings.split.repeats = 2;
  settings.seed = 4;
  const auto trials = rival_trials(settings, {});
  CHECK(trials.size() == models().size() * 4);
  std::set<std::string> different;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    different.insert(trials[i].model + trials[i].split.kind + std::to_string(trials[i].part));
    CHECK(trials[i].seed == 4 + trials[i].part);
    if (i > 0)
      CHECK(models().at(trials[i - 1].model).effort >= models().at(trials[i].model).effort);
  }
  CHECK(different.size() == trials.size());
  CHECK(different.contains("knnrandom-chunk1"));
  CHECK(different.contains("mlpgrouped-track0"));

  settings.split.kind = "random-chunk"; // leaks, so an honest one stands beside it
  std::set<std::string> kinds;
  for (const trial& x : rival_trials(settings, {}))
    kinds.insert(x.split.kind);
  CHECK(kinds == std::set<std::string>{"random-chunk", "grouped-track"});
}
