// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trial_summary.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("trials are summed up by mean, sample deviation and mean cost") {
  trial_result a;
  a.model = "knn";
  a.split = "random-chunk";
  a.leaky = true;
  a.test_chunks.rows = 10;
  a.test_chunks.accuracy = 0.5;
  a.test_chunks.macro_f1 = 0.4;
  a.train_chunks = a.test_chunks;
  a.fit = {1, 2};
  a.predict = {3, 4};
  trial_result b = a;
  b.test_chunks.accuracy = 0.7;
  b.fit = {2, 4};
  const trial_summary all = summarise(std::vector{a, b});
  CHECK(all.model == "knn");
  CHECK(all.split == "random-chunk");
  CHECK(all.leaky);
  CHECK(all.trials == 2);
  CHECK(all.accuracy.mean == doctest::Approx(0.6));
  CHECK(all.accuracy.deviation == doctest::Approx(0.14142135623730951)); // 0.2 / sqrt(2)
  CHECK(all.macro_f1.deviation == doctest::Approx(0));
  CHECK(all.track_accuracy.values == 0); // the table had no tracks
  CHECK(all.train_accuracy.values == 2);
  CHECK(all.fit.wall_seconds == doctest::Approx(1.5));
  CHECK(all.fit.cpu_seconds == doctest::Approx(3));
  CHECK(all.predict.cpu_seconds == doctest::Approx(4));
  CHECK(summarise({}).trials == 0);
}
