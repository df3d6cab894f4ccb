// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/permutation.hpp"

#include "models/training.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace fugato;

namespace {

/// The class is told by column 1 alone; columns 0 and 2 are noise.
dataset one_telling_column() {
  dataset x;
  x.columns = {"noise", "telling", "more noise"};
  x.label_names = {"a", "b"};
  std::mt19937 dice{7};
  const auto random = [&] { return static_cast<float>(dice() % 1000) / 1000; };
  for (std::uint32_t i = 0; i < 200; ++i) {
    x.labels.push_back(i % 2);
    x.values.insert(x.values.end(), {random(), static_cast<float>(i % 2) + 0.5F * random(), random()});
  }
  return x;
}

} // namespace

TEST_CASE("the column that tells the class is the one that is missed") {
  const dataset table = one_telling_column();
  train_settings how;
  how.split.kind = "random-chunk";
  model_settings parameters;
  for (const char* name : {"knn", "svm"}) {
    CAPTURE(name);
    how.model = name;
    const training_result found = train(table, how, parameters, 1);
    const auto lost = permutation_importance(found.model, table, found.parts.test, 0, 1);
    REQUIRE(lost.size() == 3);
    CHECK(lost[1] > 0.3);
    CHECK(lost[1] > 10 * std::abs(lost[0]));
    CHECK(lost[1] > 10 * std::abs(lost[2]));
    CHECK(permutation_importance(found.model, table, found.parts.test, 0, 2) == lost);
    CHECK(permutation_importance(found.model, table, {}, 0, 1).empty());
  }
}

TEST_CASE("rows are spread evenly") {
  const std::vector<std::uint32_t> rows{3, 4, 5, 6, 7, 8, 9};
  CHECK(spread_rows(rows, 3) == std::vector<std::uint32_t>{3, 5, 7});
  CHECK(spread_rows(rows, 100) == rows);
  CHECK(spread_rows({}, 3).empty());
}
