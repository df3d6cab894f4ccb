// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knn.hpp"

#include "models/npy.hpp"
#include "tests/models/reference.hpp"

#include <sstream>

using namespace fugato;

namespace {

std::string file_of(std::vector<float> rows, std::size_t width, std::vector<std::uint32_t> labels,
                    std::uint32_t classes) {
  std::ostringstream out;
  write_npy(out, rows, rows.size() / width, width);
  write_npy(out, labels, labels.size(), 1);
  write_npy(out, std::vector{classes}, 1, 1);
  return out.str();
}

} // namespace

TEST_CASE("neighbours' votes are scikit-learn's, row by row") {
  for (const auto& one : reference::cases("knn")) {
    CAPTURE(one["parameters"].dump());
    const auto p = reference::fitted_as(one, make_knn)->predict_proba(reference::test(), 1);
    CHECK(predicted_classes(p, 4) == one["classes"].get<std::vector<std::uint32_t>>());
    std::size_t at = 0;
    for (const auto& row : one["probabilities"])
      for (const double expected : row)
        CHECK(std::abs(static_cast<double>(p.at(at++)) - expected) < 1e-7);
    CHECK(at == p.size());
  }
}

TEST_CASE("of rows that are equally far, the first ones are nearer") {
  const auto model = make_knn();
  set_parameters(*model, R"({"n_neighbors": 3})");
  fit_context context;
  context.classes = 3;
  // the rows at distance 1: classes 1, 0, 0, 2, 2; three of them vote
  model->fit(samples{1, {1, -1, 1, 5, -1, 1}, {1, 0, 0, 2, 2, 2}}, context);
  const auto p = model->predict_proba(samples{1, {0}, {}}, 1);
  CHECK(p[0] == doctest::Approx(2.0 / 3));
  CHECK(p[1] == doctest::Approx(1.0 / 3));
  CHECK(p[2] == 0);
}

TEST_CASE("rows far from zero are told apart") {
  const auto model = make_knn();
  set_parameters(*model, R"({"n_neighbors": 1})");
  fit_context context;
  context.classes = 2;
  model->fit(samples{2, {10000, 0, 10000.25F, 0}, {0, 1}}, context); // floats would lose 1e8 - 1e8
  CHECK(predicted_classes(model->predict_proba(samples{2, {10000.0625F, 0, 10000.1875F, 0}, {}}, 1), 2) ==
        std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("more training rows than one tile holds are all asked") {
  samples many{1, {}, {}};
  for (std::uint32_t i = 0; i < 5000; ++i) {
    many.values.push_back(static_cast<float>(i));
    many.labels.push_back(i >= 4990 ? 1 : 0);
  }
  const auto model = make_knn();
  set_parameters(*model, R"({"n_neighbors": 5})");
  fit_context context;
  context.classes = 2;
  model->fit(many, context);
  CHECK(model->predict_proba(samples{1, {4997, 2047.6F}, {}}, 1) == std::vector<float>{0, 1, 1, 0});
}

TEST_CASE("nearest neighbours answer the same for any number of threads and after loading") {
  reference::check_same_for_all_threads_and_after_load(make_knn, R"({"n_neighbors": 5})", "knn.npy");
}

TEST_CASE("nearest neighbours refuse what they cannot learn from") {
  reference::check_refuses_what_cannot_be_learnt(make_knn, "the k-nearest-neighbours model");
  CHECK(sentence(errc::bad_model, [] { reference::fitted(make_knn, R"({"n_neighbors": 281})"); }) ==
        "the k-nearest-neighbours model needs at least n_neighbors = 281 training rows, found 280");
}

TEST_CASE("damaged files of nearest neighbours do no harm") {
  reference::check_stands_damage(make_knn, "{}", "knn.npy");
  const auto why = [](const std::string& bytes) {
    const auto model = make_knn();
    set_parameters(*model, R"({"n_neighbors": 2})");
    return reference::refusal(*model, "knn.npy", bytes);
  };
  CHECK(why(file_of({1, 2, 3, 4}, 2, {0, 1}, 2)) == "no error");
  CHECK(why(file_of({1, 2, 3, 4}, 2, {0, 2}, 2)) == "labels must be below the number of classes");
  CHECK(why(file_of({1, 2, 3, 4}, 2, {0, 1, 1}, 2)) == "labels must be 2 x 1, found 3 x 1");
  CHECK(why(file_of({1, 2}, 2, {0}, 2)) == "rows must be at least n_neighbors = 2");
  CHECK(why(file_of({1, 2, 3, 4}, 2, {0, 1}, 4000000000)) == "classes must lie in [2, 65536]");
  CHECK(why(file_of({1, NAN, 3, 4}, 2, {0, 1}, 2)) == "rows must be finite");
}
