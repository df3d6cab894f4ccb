// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/svm.hpp"

#include "models/npy.hpp"
#include "tests/models/reference.hpp"

#include <algorithm>
#include <sstream>

using namespace fugato;

namespace {

/// The parts of a file of two vectors of width 1 and three classes.
struct parts {
  std::vector<std::uint32_t> labels{0, 2};
  std::vector<double> coefficients{0, 1, 1, -1, -1, 0};
  std::vector<double> intercepts{0, 0, 0};
  std::vector<std::uint32_t> trained{0, 1, 2};
  std::uint32_t classes = 3;
  double gamma = 1;
};

std::string why(const parts& x) {
  std::ostringstream out;
  write_npy(out, std::vector<float>{1, 2}, 2, 1);
  write_npy(out, x.labels, x.labels.size(), 1);
  write_npy(out, x.coefficients, 2, x.coefficients.size() / 2);
  write_npy(out, x.intercepts, 1, x.intercepts.size());
  write_npy(out, x.trained, 1, x.trained.size());
  write_npy(out, std::vector{x.classes}, 1, 1);
  write_npy(out, std::vector{x.gamma}, 1, 1);
  const auto model = make_svm();
  return reference::refusal(*model, "svm.npy", out.str());
}

} // namespace

TEST_CASE("support vector machines choose scikit-learn's classes") {
  for (const auto& one : reference::cases("svm")) {
    CAPTURE(one["parameters"].dump());
    const auto p = reference::fitted_as(one, make_svm)->predict_proba(reference::test(), 1);
    CHECK(predicted_classes(p, 4) == one["classes"].get<std::vector<std::uint32_t>>());
  }
}

TEST_CASE("ln p differs from class to class as scikit-learn's decision function does") {
  int tied = 0;
  for (const auto& one : reference::cases("svm")) {
    CAPTURE(one["parameters"].dump());
    const auto p = reference::fitted_as(one, make_svm)->predict_proba(reference::test(), 1);
    for (std::size_t i = 0; i < p.size() / 4; ++i) {
      const auto scores = one["decisions"][i].get<std::vector<double>>();
      const auto highest = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
      const double most = std::round(scores[highest]); // confidences move the votes by less than 1/3
      for (std::size_t c = 0; c < 4; ++c) {
        const bool shares = std::round(scores[c]) == most && !one["parameters"]["break_ties"];
        tied += shares && c != highest ? 1 : 0;
        const double expected = shares ? 0 : scores[c] - scores[highest];
        CHECK(std::abs(std::log(static_cast<double>(p[i * 4 + c] / p[i * 4 + highest])) - expected) < 1e-6);
      }
    }
  }
  CHECK(tied > 0); // such rows are among them
}

TEST_CASE("a class without a row is never chosen") {
  samples x = reference::train();
  for (std::uint32_t& label : x.labels)
    label = label == 1 ? 0 : label;
  const auto model = make_svm();
  model->fit(x, reference::context());
  const auto p = model->predict_proba(reference::test(), 1);
  reference::check_rows_sum_to_1(p, 4);
  for (std::size_t i = 1; i < p.size(); i += 4)
    CHECK(p[i] == 0);
}

TEST_CASE("support vector machines are the same for any number of threads and after loading") {
  reference::check_same_for_all_threads_and_after_load(make_svm, R"({"C": 2})", "svm.npy");
}

TEST_CASE("the training of support vector machines tells its steps and stops when it is cancelled") {
  std::vector<std::uint32_t> told;
  std::atomic<bool> cancel = false;
  fit_context context = reference::context();
  context.cancel = &cancel;
  context.tell = [&](std::uint32_t done, std::uint32_t of) {
    told.push_back(done);
    CHECK(of == 6);
    cancel = done == 2;
  };
  const auto model = make_svm();
  CHECK(sentence(errc::internal, [&] { model->fit(reference::train(), context); }) ==
        "training was cancelled after 2 of 6 steps");
  CHECK(told == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("support vector machines refuse what they cannot learn from") {
  reference::check_refuses_what_cannot_be_learnt(make_svm, "the SVM");
}

TEST_CASE("damaged files of support vector machines do no harm") {
  reference::check_stands_damage(make_svm, "{}", "svm.npy");
  CHECK(why({}) == "no error");
  CHECK(why({.coefficients = {0, 1e7, 1, -1, -1, 0}}) == "coefficients must lie within 1000000");
  CHECK(why({.coefficients = {0, 1, 1, -1, INFINITY, 0}}) == "coefficients must be finite");
  CHECK(why({.intercepts = {0, 1e300, 0}}) == "intercepts must lie within 2000001");
  CHECK(why({.intercepts = {0, 0}}) == "intercepts must be as many as pairs of classes that occurred");
  CHECK(why({.trained = {0, 1}}) == "coefficients must have a column for each class that occurred");
  const std::string ascending = "labels must ascend, below the number of classes that occurred";
  CHECK(why({.labels = {2, 0}}) == ascending);
  CHECK(why({.labels = {0, 3}}) == ascending);
  CHECK(why({.labels = {0}}) == "labels must be 2 x 1, found 1 x 1");
  const std::string order = "classes that occurred must be one row, ascending, below the number of classes";
  CHECK(why({.trained = {0, 2, 1}}) == order);
  CHECK(why({.trained = {0, 1, 1}}) == order);
  CHECK(why({.trained = {0, 1, 3}}) == order);
  CHECK(why({.classes = 4000000000}) == "classes must lie in [2, 65536]");
  CHECK(why({.gamma = 0}) == "gamma must be greater than 0");
}
