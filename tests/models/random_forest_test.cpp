// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/random_forest.hpp"

#include "models/npy.hpp"
#include "tests/models/reference.hpp"

#include <algorithm>
#include <sstream>

using namespace fugato;

namespace {

constexpr std::uint32_t leaf = 0xFFFFFFFF;

/// The parts of a file of one tree with one split, of two columns and two classes.
struct parts {
  std::vector<std::uint32_t> roots{0};
  std::vector<std::uint32_t> columns{1, leaf, leaf};
  std::vector<float> thresholds{0.5F, 0, 0};
  std::vector<std::uint32_t> next{1, 0, 1};
  std::vector<float> leaves{1, 0, 0.25F, 0.75F};
};

std::string bytes_of(const parts& x) {
  std::ostringstream out;
  write_npy(out, x.roots, x.roots.size(), 1);
  write_npy(out, x.columns, x.columns.size(), 1);
  write_npy(out, x.thresholds, x.thresholds.size(), 1);
  write_npy(out, x.next, x.next.size(), 1);
  write_npy(out, x.leaves, x.leaves.size() / 2, 2);
  write_npy(out, std::vector<double>{0, 1}, 1, 2);
  return out.str();
}

std::string why(const parts& x) {
  const auto model = make_random_forest();
  return reference::refusal(*model, "random-forest.npy", bytes_of(x));
}

} // namespace

TEST_CASE("the forest is scikit-learn's: the same probabilities, row by row, and the same importance") {
  for (const auto& one : reference::cases("random-forest")) {
    CAPTURE(one["parameters"].dump());
    const auto model = reference::fitted_as(one, make_random_forest);
    const auto p = model->predict_proba(reference::test(), 1);
    CHECK(predicted_classes(p, 4) == one["classes"].get<std::vector<std::uint32_t>>());
    std::size_t at = 0;
    for (const auto& row : one["probabilities"])
      for (const double expected : row)
        CHECK(std::abs(static_cast<double>(p.at(at++)) - expected) < 1e-7); // one leaf of 100 would move it by 1e-4
    CHECK(at == p.size());
    const auto importance = model->importance();
    const auto expected = one["importance"].get<std::vector<double>>();
    REQUIRE(importance.size() == expected.size());
    for (std::size_t j = 0; j < expected.size(); ++j)
      CHECK(std::abs(importance[j] - expected[j]) < 1e-12);
  }
}

TEST_CASE("importance is each column's share; a constant column has none") {
  const auto importance = reference::fitted(make_random_forest, R"({"n_estimators": 50})")->importance();
  REQUIRE(importance.size() == 12);
  CHECK(std::accumulate(importance.begin(), importance.end(), 0.0) == doctest::Approx(1));
  CHECK(importance[10] == 0);
  CHECK(importance[0] > 0);
}

TEST_CASE("forests are the same for any number of threads and after loading; another seed gives another one") {
  const std::string parameters = R"({"n_estimators": 40})";
  reference::check_same_for_all_threads_and_after_load(make_random_forest, parameters, "random-forest.npy");
  CHECK(reference::fitted(make_random_forest, parameters, 1, 1)->predict_proba(reference::test(), 1) !=
        reference::fitted(make_random_forest, parameters, 1, 2)->predict_proba(reference::test(), 1));
}

TEST_CASE("rows of one kind with both labels make a leaf with both") {
  const auto model = make_random_forest();
  set_parameters(*model, R"({"n_estimators": 400})");
  fit_context context;
  context.classes = 3;
  model->fit(samples{2, {1, 1, 1, 1, 1, 1, 1, 1}, {0, 2, 2, 2}}, context);
  const auto p = model->predict_proba(samples{2, {7, -7}, {}}, 1);
  CHECK(p[0] == doctest::Approx(0.25).epsilon(0.1)); // 400 bootstrap samples of 4: standard error .011
  CHECK(p[1] == 0);
  CHECK(model->importance() == std::vector<double>{0, 0});
}

TEST_CASE("max_depth and min_samples_leaf hold") {
  const auto model = reference::fitted(make_random_forest, R"({"n_estimators": 1, "min_samples_leaf": 100})");
  const auto same = model->predict_proba(reference::test(), 1); // about 177 rows are drawn, too few for two leaves
  for (std::size_t i = 0; i < same.size(); ++i)
    CHECK(same[i] == same[i % 4]);
  const auto stump = reference::fitted(make_random_forest, R"({"n_estimators": 1, "max_depth": 1})");
  const auto p = stump->predict_proba(reference::test(), 1);
  std::vector<float> first;
  for (std::size_t i = 0; i < p.size(); i += 4)
    first.push_back(p[i]);
  std::sort(first.begin(), first.end());
  CHECK(std::unique(first.begin(), first.end()) - first.begin() == 2);
}

TEST_CASE("the training of a forest tells its steps and stops when it is cancelled") {
  std::vector<std::uint32_t> told;
  std::atomic<bool> cancel = false;
  fit_context context = reference::context();
  context.cancel = &cancel;
  context.tell = [&](std::uint32_t done, std::uint32_t of) {
    told.push_back(done);
    CHECK(of == 1000);
    cancel = done == 3;
  };
  const auto model = make_random_forest();
  CHECK(sentence(errc::internal, [&] { model->fit(reference::train(), context); }) ==
        "training was cancelled after 3 of 1000 steps");
  CHECK(told == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE("forests refuse what they cannot learn from") {
  reference::check_refuses_what_cannot_be_learnt(
      [] {
        auto model = make_random_forest();
        set_parameters(*model, R"({"n_estimators": 3})");
        return model;
      },
      "the random forest");
}

TEST_CASE("damaged files of forests do no harm") {
  reference::check_stands_damage(make_random_forest, R"({"n_estimators": 3})", "random-forest.npy");
  CHECK(why({}) == "no error");
  CHECK(why({.roots = {3}}) == "roots must be below the number of nodes");
  CHECK(why({.columns = {2, leaf, leaf}}) == "columns must be below the number of columns, or 2^32 - 1 for a leaf");
  const std::string later = "next nodes must lead to two later nodes";
  CHECK(why({.next = {0, 0, 1}}) == later);
  CHECK(why({.next = {2, 0, 1}}) == later);
  CHECK(why({.next = {leaf, 0, 1}}) == later);
  CHECK(why({.next = {1, 0, 2}}) == "next nodes must lead from a leaf to a row of the leaves");
  CHECK(why({.next = {1, 0}}) == "next nodes must be 3 x 1, found 2 x 1");
  CHECK(why({.thresholds = {NAN, 0, 0}}) == "thresholds must be finite");
  CHECK(why({.leaves = {1, 0, 0.25F, 0.5F}}) == "leaves must hold shares that sum to 1");
  CHECK(why({.leaves = {2, -1, 0.25F, 0.75F}}) == "leaves must hold shares that sum to 1");
}
