// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/mlp.hpp"

#include "config/read_text.hpp"
#include "models/metrics.hpp"
#include "models/npy.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"
#include "tests/models/reference_b.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

using namespace fugato;

namespace {

std::unique_ptr<classifier> with(const std::string& parameters) {
  auto model = make_mlp();
  set_parameters(*model, parameters);
  return model;
}

std::unique_ptr<classifier> fitted(const reference_b& reference, const std::string& answer, std::uint64_t seed = 1,
                                   unsigned threads = 1) {
  auto model = reference.model(make_mlp(), answer);
  model->fit(reference.learnt_from, reference.context(seed, threads));
  return model;
}

std::string saved(const classifier& model) {
  const scratch_folder folder("mlp_saved");
  REQUIRE(model.save(folder.path) == std::vector<std::string>{"mlp.npy"});
  return read_text(folder.path + "/mlp.npy", errc::bad_model);
}

double accuracy_on(const classifier& model, const samples& x, const dataset& t) {
  return evaluate(x.labels, model.predict_proba(x, 1), t.label_names).accuracy;
}

/// What load says of a file with this content.
std::string load_of(const std::string& content) {
  const scratch_folder folder("mlp_hostile");
  std::ofstream(folder.path + "/mlp.npy", std::ios::binary) << content;
  return sentence(errc::bad_model, [&] { make_mlp()->load(folder.path); });
}

template <class T>
std::string npy(const std::vector<T>& values, std::size_t rows) {
  std::ostringstream out;
  write_npy(out, values, rows, values.size() / rows);
  return out.str();
}

} // namespace

TEST_CASE("the defaults are the report's and scikit-learn's") {
  const auto model = make_mlp();
  hyper_parameters section{*model};
  const auto json = nlohmann::json::parse(to_json(section));
  CHECK(json["hidden_layer_sizes"] == nlohmann::json{5000, 10});
  CHECK(json["alpha"] == 1e-5);
  CHECK(json["max_iter"] == 200);
  CHECK(json["max_fun"] == 15000);
  CHECK(json["tol"] == 1e-4);
}

TEST_CASE("the first steps are scikit-learn's") {
  // 10 steps of floats leave those of doubles by 7e-7, another seed by more than 0.1
  const reference_b reference;
  CHECK(reference.difference(*fitted(reference, "mlp_start"), "mlp_start") < 1e-5);
  CHECK(reference.difference(*fitted(reference, "mlp_start", 2), "mlp_start") > 0.1);
}

TEST_CASE("a smooth problem ends where scikit-learn's does") {
  // both stop where the slope is below tol, 0.0009 apart
  const reference_b reference;
  CHECK(reference.difference(*fitted(reference, "mlp_smooth"), "mlp_smooth") < 0.005);
}

TEST_CASE("learnt to the end, the perceptron is as good as scikit-learn's") {
  // the paths part once roundings have grown: rows may differ, the accuracy must not by more than 4 of 120
  const reference_b reference;
  const auto model = fitted(reference, "mlp");
  const double expected = reference.answers["mlp"]["accuracy"].get<double>();
  CHECK(std::abs(accuracy_on(*model, reference.unseen, reference.table) - expected) <= 4.5 / 120);
  CHECK(accuracy_on(*model, reference.learnt_from, reference.table) == 1);
}

TEST_CASE("over many starts, the perceptron's accuracy is scikit-learn's within 1 %") {
  const reference_b reference;
  const auto starts = reference.answers["mlp_starts"]["starts"].get<std::uint64_t>();
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= starts; ++seed)
    sum += accuracy_on(*fitted(reference, "mlp_starts", seed), reference.unseen, reference.table);
  const double expected = reference.answers["mlp_starts"]["accuracy"].get<double>();
  CHECK(sum / static_cast<double>(starts) == doctest::Approx(expected).epsilon(0.01));
}

TEST_CASE("each row of probabilities sums to 1, also far from what was learnt") {
  const reference_b reference;
  const auto model = fitted(reference, "mlp_start");
  samples x = reference.unseen;
  for (std::size_t i = 0; i < x.values.size() / 2; ++i)
    x.values[i] *= 1e6F;
  const auto p = model->predict_proba(x, 1);
  REQUIRE(p.size() == x.rows() * 4);
  for (std::size_t i = 0; i < p.size(); i += 4)
    CHECK(std::accumulate(p.begin() + static_cast<long>(i), p.begin() + static_cast<long>(i + 4), 0.0) ==
          doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("any number of hidden layers is learnt, for two classes too") {
  const reference_b reference;
  samples x = reference.learnt_from;
  for (std::uint32_t& label : x.labels)
    label %= 2;
  fit_context context = reference.context(1);
  context.classes = 2;
  for (const char* sizes : {"[]", "[8]", "[7, 6, 5]"}) {
    const auto model = with(R"({"max_iter": 50, "hidden_layer_sizes": )" + std::string(sizes) + "}");
    model->fit(x, context);
    CHECK_MESSAGE(evaluate(x.labels, model->predict_proba(x, 1), {"even", "odd"}).accuracy > 0.8, sizes);
  }
}

TEST_CASE("the model's bytes are the same for any number of threads and each time") {
  const reference_b reference;
  const std::string alone = saved(*fitted(reference, "mlp_start"));
  for (const unsigned threads : {1U, 2U, 3U})
    CHECK(saved(*fitted(reference, "mlp_start", 1, threads)) == alone);
  CHECK(saved(*fitted(reference, "mlp_start", 2)) != alone);
}

TEST_CASE("fewer rows than parts are learnt from") {
  const reference_b reference;
  const auto model = with(R"({"max_iter": 20, "hidden_layer_sizes": [5]})");
  samples x = reference.learnt_from;
  x.values.resize(3 * x.width);
  x.labels = {0, 1, 2};
  model->fit(x, reference.context(1));
  CHECK(accuracy_on(*model, x, reference.table) == 1);
}

TEST_CASE("a model that was saved and loaded predicts the same bits, with any number of threads") {
  const reference_b reference;
  const auto model = fitted(reference, "mlp_start");
  const scratch_folder folder("mlp_load");
  model->save(folder.path);
  const auto loaded = make_mlp();
  loaded->load(folder.path);
  const auto expected = model->predict_proba(reference.unseen, 1);
  CHECK(loaded->predict_proba(reference.unseen, 1) == expected);
  CHECK(loaded->predict_proba(reference.unseen, 3) == expected);
  CHECK(saved(*loaded) == saved(*model));
}

TEST_CASE("training tells each step and stops soon when it is cancelled") {
  const reference_b reference;
  const auto model = with(R"({"hidden_layer_sizes": [20]})");
  std::atomic<bool> cancel = false;
  fit_context context = reference.context(1, 2);
  context.cancel = &cancel;
  std::vector<std::uint32_t> told;
  context.tell = [&](std::uint32_t done, std::uint32_t of) {
    CHECK(of == 200);
    told.push_back(done);
    cancel = done == 3;
  };
  CHECK(sentence(errc::internal, [&] { model->fit(reference.learnt_from, context); }) == "training was cancelled");
  CHECK(told == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(sentence(errc::bad_model, [&] { model->predict_proba(reference.unseen, 1); }) != "no error");
}

TEST_CASE("data that cannot be learnt from is refused with a sentence") {
  const reference_b reference;
  const auto refusal = [&](const samples& x, const char* parameters = R"({"hidden_layer_sizes": [20]})") {
    return sentence(errc::bad_model, [&] { with(parameters)->fit(x, reference.context(1)); });
  };
  samples x = reference.learnt_from;
  x.labels[5] = 4;
  CHECK(refusal(x) == "the multi-layer perceptron needs labels below the number of classes 4, found 4");
  x = reference.learnt_from;
  x.values[13] = std::numeric_limits<float>::infinity();
  CHECK(refusal(x) == "the multi-layer perceptron needs finite values, found inf in row 1, column 1 (from 0)");
  x.values.assign(x.values.size(), 3e38F);
  CHECK(refusal(x).starts_with("the multi-layer perceptron needs values whose loss is finite, found a loss of "));
  CHECK(refusal(reference.learnt_from, R"({"hidden_layer_sizes": [100000, 100000]})") ==
        "the multi-layer perceptron takes at most 20000000 weights and biases, but models.mlp.hidden_layer_sizes "
        "makes it 10001800004");
}

TEST_CASE("parameters are checked when they are read") {
  const auto refusal = [](const std::string& parameters) {
    return sentence(errc::settings, [&] { with(parameters); });
  };
  CHECK(refusal(R"({"hidden_layer_sizes": [10, 0]})") ==
        "test: /hidden_layer_sizes/1: must lie in [1, 100000], found 0");
  CHECK(refusal(R"({"hidden_layer_sizes": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]})") ==
        "/models/mlp/hidden_layer_sizes: must have at most 16 layers, found 17");
  CHECK(refusal(R"({"alpha": -1})") == "test: /alpha: must lie in [0, 1000000], found -1");
}

TEST_CASE("a model that is not ready, and rows of another width, are refused") {
  const reference_b reference;
  CHECK(sentence(errc::bad_model, [&] { make_mlp()->predict_proba(reference.unseen, 1); }) ==
        "the multi-layer perceptron must be trained or loaded first");
  CHECK(sentence(errc::bad_model, [&] { make_mlp()->save("/tmp"); }) ==
        "the multi-layer perceptron must be trained or loaded first");
  const auto model = fitted(reference, "mlp_start");
  CHECK(sentence(errc::bad_model, [&] {
          model->predict_proba(samples{5, std::vector<float>(10), {}}, 1);
        }) == "the multi-layer perceptron needs rows of 12 columns, found 5");
  CHECK(model->predict_proba(samples{12, {}, {}}, 1).empty());
  CHECK(sentence(errc::bad_model,
                 [&] {
                   model->predict_proba(samples{12, std::vector<float>(12, 3e38F), {}}, 1);
                 }) ==
        "the multi-layer perceptron needs rows near those it learnt from: of some, the layers' sums are not finite");
  CHECK(sentence(errc::bad_model, [&] { model->clone()->predict_proba(reference.unseen, 1); }) ==
        "the multi-layer perceptron must be trained or loaded first");
}

TEST_CASE("damaged and absurd files are refused") {
  const std::string sizes = npy(std::vector<std::uint32_t>{3, 2}, 1);
  const std::string weights = npy(std::vector<float>(6, 0.5F), 3);
  const std::string biases = npy(std::vector<float>(2, 0.5F), 1);
  const std::string whole = sizes + weights + biases;
  CHECK(load_of(whole) == "no error");
  for (std::size_t size = 0; size < whole.size(); size += 7)
    CHECK(load_of(whole.substr(0, size)) != "no error");
  CHECK(load_of(whole + "x") != "no error");
  const auto of_sizes = [&](const std::vector<std::uint32_t>& x) { return load_of(npy(x, 1) + weights + biases); };
  CHECK(of_sizes({3}).ends_with("sizes must be one row of 2 to 18"));
  CHECK(of_sizes(std::vector<std::uint32_t>(19, 1)).ends_with("sizes must be one row of 2 to 18"));
  CHECK(of_sizes({6, 1}).ends_with("sizes must end with 2 to 65536 classes"));
  CHECK(of_sizes({1, 0xFFFFFFFF}).ends_with("sizes must end with 2 to 65536 classes"));
  CHECK(of_sizes({2, 3}).ends_with("weights of layer 1 must be 2 x 3, found 3 x 2"));
  CHECK(of_sizes({0xFFFFFFFF, 0xFFFFFFFF, 2}).find("weights of layer 1 must be") != std::string::npos);
  CHECK(of_sizes({3, 2, 2}).find("weights of layer 2 must be") != std::string::npos);
  const std::string nan = npy(std::vector<float>(2, std::numeric_limits<float>::quiet_NaN()), 1);
  CHECK(load_of(sizes + weights + nan).ends_with("biases of layer 1 must be finite"));
}
