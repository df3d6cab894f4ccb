// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_forest.hpp"

#include "config/read_text.hpp"
#include "models/metrics.hpp"
#include "models/xgboost.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"
#include "tests/models/reference_b.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <numeric>

using namespace fugato;

namespace {

std::unique_ptr<classifier> fitted(const reference_b& reference, const std::string& parameters, std::uint64_t seed = 3,
                                   unsigned threads = 1) {
  auto model = make_xgboost_forest();
  set_parameters(*model, parameters);
  model->fit(reference.learnt_from, reference.context(seed, threads));
  return model;
}

std::string saved(const classifier& model) {
  const scratch_folder folder("forest_saved");
  REQUIRE(model.save(folder.path) == std::vector<std::string>{"xgboost.json"});
  return read_text(folder.path + "/xgboost.json", errc::bad_model);
}

const std::string small = R"({"n_estimators": 10, "max_depth": 4})";

} // namespace

TEST_CASE("the forest's defaults are XGBRFClassifier's") {
  const auto model = make_xgboost_forest();
  hyper_parameters section{*model};
  const auto json = nlohmann::json::parse(to_json(section));
  CHECK(json["n_estimators"] == 100);
  CHECK(json["learning_rate"] == 1);
  CHECK(json["subsample"] == 0.8);
  CHECK(json["colsample_bynode"] == 0.8);
  CHECK(json["reg_lambda"] == 1e-5);
  CHECK(json["max_depth"] == 6);
  CHECK(json["tree_method"] == "hist");
  CHECK_FALSE(model->needs_validation());
}

TEST_CASE("Python's model file of a forest predicts here what it predicts there") {
  const reference_b reference;
  const auto model = make_xgboost_forest();
  model->load(reference_b::path("forest"));
  CHECK(reference.difference(*model, "xgboost-forest") < 1e-6);
}

TEST_CASE("a forest learnt here is XGBRFClassifier's") {
  const reference_b reference;
  const auto model = reference.model(make_xgboost_forest(), "xgboost-forest");
  model->fit(reference.learnt_from, reference.context(3));
  CHECK(reference.difference(*model, "xgboost-forest") < 1e-6);
}

TEST_CASE("a forest is one round of parallel trees whose probabilities sum to 1") {
  const reference_b reference;
  const auto model = fitted(reference, small);
  const auto json = nlohmann::json::parse(saved(*model))["learner"]["gradient_booster"]["model"];
  CHECK(json["trees"].size() == 10 * 4);
  CHECK(json["gbtree_model_param"]["num_parallel_tree"] == "10");
  const auto p = model->predict_proba(reference.unseen, 1);
  REQUIRE(p.size() == reference.unseen.rows() * 4);
  for (std::size_t i = 0; i < p.size(); i += 4)
    CHECK(std::accumulate(p.begin() + static_cast<long>(i), p.begin() + static_cast<long>(i + 4), 0.0) ==
          doctest::Approx(1).epsilon(1e-5));
  const auto importance = model->importance();
  CHECK(importance.size() == 12);
  CHECK(std::accumulate(importance.begin(), importance.end(), 0.0) == doctest::Approx(1));
}

TEST_CASE("a forest's bytes are the same for any number of threads; the seed matters") {
  const reference_b reference;
  const std::string alone = saved(*fitted(reference, small));
  for (const unsigned threads : {1U, 2U, 3U})
    CHECK(saved(*fitted(reference, small, 3, threads)) == alone);
  CHECK(saved(*fitted(reference, small, 4)) != alone);
}

TEST_CASE("a forest that was saved and loaded predicts the same bits") {
  const reference_b reference;
  const auto model = fitted(reference, small);
  const scratch_folder folder("forest_load");
  model->save(folder.path);
  const auto loaded = make_xgboost_forest();
  loaded->load(folder.path);
  CHECK(loaded->predict_proba(reference.unseen, 2) == model->predict_proba(reference.unseen, 1));
  CHECK(saved(*loaded) == saved(*model));
}

TEST_CASE("a forest is not begun when the fit is cancelled") {
  const reference_b reference;
  const std::atomic<bool> cancel = true;
  fit_context context = reference.context(0);
  context.cancel = &cancel;
  CHECK(sentence(errc::internal, [&] { make_xgboost_forest()->fit(reference.learnt_from, context); }) ==
        "training was cancelled after 0 rounds");
}

TEST_CASE("a forest whose number of trees is not what it says is refused") {
  const reference_b reference;
  const auto whole = nlohmann::json::parse(saved(*fitted(reference, small)));
  const scratch_folder folder("forest_hostile");
  const std::string at = "/learner/gradient_booster/model/";
  for (const auto& [key, value] : std::vector<std::pair<std::string, nlohmann::json>>{
           {"gbtree_model_param/num_parallel_tree", "0"},
           {"gbtree_model_param/num_parallel_tree", "3"},
           {"gbtree_model_param/num_parallel_tree", "2147483647"},
           {"gbtree_model_param/num_parallel_tree", "-1"},
           {"gbtree_model_param/num_trees", "41"},
           {"tree_info/39", 4},
       }) {
    auto json = whole;
    json[nlohmann::json::json_pointer(at + key)] = value;
    std::ofstream(folder.path + "/xgboost.json") << json.dump();
    CHECK_MESSAGE(sentence(errc::bad_model, [&] { make_xgboost_forest()->load(folder.path); })
                      .starts_with(folder.path + "/xgboost.json: must be a model that XGBoost can read: " +
                                   at.substr(0, at.size() - 1)),
                  key, " ", value.dump());
  }
}

TEST_CASE("a copy of a forest has its parameters, not its trees") {
  const reference_b reference;
  const auto model = fitted(reference, small);
  const auto copy = model->clone();
  hyper_parameters a{*model};
  hyper_parameters b{*copy};
  CHECK(to_json(a) == to_json(b));
  CHECK(sentence(errc::bad_model, [&] { copy->predict_proba(reference.unseen, 1); }) ==
        "the XGBoost model must be trained or loaded first");
}
