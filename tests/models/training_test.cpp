// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/training.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace fugato;

namespace {

model_settings parameters(const std::string& xgboost = R"({"n_estimators": 20})") {
  model_settings models;
  set_parameters(models.at("xgboost"), xgboost);
  return models;
}

train_settings random_chunk() {
  train_settings settings;
  settings.split.kind = "random-chunk";
  return settings;
}

} // namespace

TEST_CASE("training evaluates both parts, by chunk and by track") {
  const dataset t = blobs({.noise = 0.6F});
  const training_result r = train(t, {}, parameters(), 1);
  CHECK(r.parts.kind == "grouped-track");
  CHECK(r.parts.test.size() == 36); // 9 of 30 tracks, 4 chunks each
  CHECK(r.test.chunks.rows == 36);
  CHECK(r.test.tracks.rows == 9);
  CHECK(r.train.chunks.rows == 84);
  CHECK(r.train.tracks.rows == 21);
  CHECK(r.train.chunks.accuracy > 0.95);
  CHECK(r.test.chunks.accuracy > 0.6);
  CHECK(r.test.probabilities.size() == 36 * 3);
  CHECK(r.fit.wall_seconds > 0);
  CHECK(r.predict.wall_seconds > 0);
  CHECK(r.model.name == "xgboost");
  CHECK(r.model.columns == t.columns);
  CHECK(r.model.labels == t.label_names);
  CHECK_FALSE(r.model.from_audio);
}

TEST_CASE("the result's model predicts what was evaluated") {
  const dataset t = blobs();
  const training_result r = train(t, {}, parameters(), 1);
  const auto all = predict_proba(r.model, t, 1);
  for (std::size_t i = 0; i < r.parts.test.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k)
      CHECK(r.test.probabilities[3 * i + k] == all[3 * r.parts.test[i] + k]);
}

TEST_CASE("results do not depend on the number of threads") {
  const dataset t = blobs({.noise = 2});
  for (const char* p : {R"({"n_estimators": 10, "subsample": 0.6})", R"({"early_stopping_rounds": 3})"}) {
    const training_result one = train(t, {}, parameters(p), 1);
    const training_result two = train(t, {}, parameters(p), 2);
    CHECK(one.test.probabilities == two.test.probabilities);
    CHECK(one.train.probabilities == two.train.probabilities);
    CHECK(one.parts.test == two.parts.test);
  }
}

TEST_CASE("a random chunk split flatters where tracks differ more than classes") {
  const dataset t = blobs({.classes = 3, .tracks_per_class = 12, .chunks = 8, .noise = 2});
  dataset narrow = t; // chunks close to their track
  for (std::size_t i = 0; i < t.rows(); ++i)
    for (std::size_t j = 0; j < t.width(); ++j)
      narrow.values[i * t.width() + j] = 0.9F * t.row(i - i % 8)[j] + 0.1F * t.row(i)[j];
  const training_result honest = train(narrow, {}, parameters(), 1);
  const training_result flattered = train(narrow, random_chunk(), parameters(), 1);
  CHECK(flattered.parts.leaky);
  CHECK(flattered.test.chunks.accuracy > honest.test.chunks.accuracy + 0.1);
}

TEST_CASE("the scaler knows the training part only") {
  const dataset t = blobs();
  const training_result r = train(t, {}, parameters(), 1);
  const scaler expected = fit_scaler(t, r.parts.train);
  CHECK(r.model.scaling.mean == expected.mean);
  dataset moved = t;
  for (const auto row : r.parts.test)
    moved.values[row * t.width()] += 1000;
  CHECK(train(moved, {}, parameters(), 1).model.scaling.mean == expected.mean);
  CHECK(train(moved, {}, parameters(), 1).train.probabilities == r.train.probabilities);
}

TEST_CASE("early stopping never looks at the test part") {
  const dataset t = blobs({.noise = 2});
  const std::string p = R"({"n_estimators": 200, "learning_rate": 0.3, "early_stopping_rounds": 4})";
  const training_result r = train(t, {}, parameters(p), 1);
  dataset swapped = t;
  for (const auto row : r.parts.test)
    swapped.labels[row] = (t.labels[row] + 1) % 3;
  const training_result s = train(swapped, {}, parameters(p), 1);
  CHECK(s.test.probabilities == r.test.probabilities);
  CHECK(s.test.chunks.accuracy < r.test.chunks.accuracy);
}

TEST_CASE("a table without tracks is split by rows and has no evaluation by track") {
  dataset t = blobs();
  t.track_names.clear();
  t.tracks.clear();
  t.chunks.clear();
  const training_result r =
      train(t, random_chunk(), parameters(R"({"n_estimators": 20, "early_stopping_rounds": 5})"), 1);
  CHECK(r.test.chunks.rows == 36);
  CHECK(r.test.tracks.rows == 0);
}

TEST_CASE("tables that cannot be learnt from are refused") {
  const auto refusal = [](errc code, const dataset& t) {
    return sentence(code, [&] { train(t, {}, parameters(), 1); });
  };
  dataset unlabelled = blobs();
  unlabelled.labels.clear();
  CHECK(refusal(errc::bad_table, unlabelled) ==
        "training needs a label for each row, but the table has no column label");
  CHECK(refusal(errc::bad_model, blobs({.classes = 1})) == "training needs at least 2 classes, found 1: 'genre0'");
  CHECK(refusal(errc::bad_table, dataset{}) == "training needs at least one row, but the table is empty");
  dataset undefined = blobs();
  undefined.values[8] = std::numeric_limits<float>::quiet_NaN();
  CHECK(refusal(errc::bad_table, undefined) ==
        "training needs finite values, found nan in column 'x2' of chunk 1 of 'genre0.0.wav'");
  dataset torn = blobs();
  torn.labels[1] = 1;
  CHECK(refusal(errc::bad_table, torn).starts_with("all rows of a track must have the same label"));
}

TEST_CASE("training can be cancelled") {
  const std::atomic<bool> cancel = true;
  CHECK(sentence(errc::internal, [&] { train(blobs(), {}, parameters(), 1, &cancel); }) ==
        "training was cancelled after 0 rounds");
}
