// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/read_text.hpp"
#include "models/metrics.hpp"
#include "models/scaler.hpp"
#include "models/xgboost.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"
#include "tests/models/models.hpp"
#include "tests/models/reference_b.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <numeric>
#include <thread>

using namespace fugato;

namespace {

samples rows_of(const dataset& t, std::uint32_t first, std::uint32_t step) {
  samples x;
  x.width = t.width();
  for (std::size_t i = first; i < t.rows(); i += step) {
    x.values.insert(x.values.end(), t.row(i).begin(), t.row(i).end());
    x.labels.push_back(t.labels[i]);
  }
  return x;
}

samples all_rows_of(const dataset& t) { return rows_of(t, 0, 1); }

std::unique_ptr<classifier> with(const std::string& parameters) {
  auto model = make_xgboost();
  set_parameters(*model, parameters);
  return model;
}

fit_context context_of(const dataset& t, unsigned threads = 1) {
  fit_context context;
  context.classes = static_cast<std::uint32_t>(t.label_names.size());
  context.threads = threads;
  context.columns = t.columns;
  return context;
}

std::string saved(const classifier& model) {
  const scratch_folder folder("xgboost_saved");
  REQUIRE(model.save(folder.path) == std::vector<std::string>{"xgboost.json"});
  return read_text(folder.path + "/xgboost.json", errc::bad_model);
}

std::size_t trees_in(const std::string& model) {
  return nlohmann::json::parse(model)["learner"]["gradient_booster"]["model"]["trees"].size();
}

double accuracy_on(const classifier& model, const dataset& t) {
  const samples x = all_rows_of(t);
  return evaluate(x.labels, model.predict_proba(x, 1), t.label_names).accuracy;
}

} // namespace

TEST_CASE("the defaults are the report's") {
  const auto model = make_xgboost();
  hyper_parameters section{*model};
  const auto json = nlohmann::json::parse(to_json(section));
  CHECK(json["n_estimators"] == 1000);
  CHECK(json["learning_rate"] == 0.05);
  CHECK(json["tree_method"] == "hist");
  CHECK(json["early_stopping_rounds"] == 0);
  CHECK_FALSE(model->needs_validation());
}

TEST_CASE("Python's model file predicts here what it predicts there") {
  const reference_b reference;
  const auto model = make_xgboost();
  model->load(reference_b::path("boosted"));
  CHECK(reference.difference(*model, "xgboost") < 1e-6);
}

TEST_CASE("a model learnt here is XGBClassifier's") {
  const reference_b reference;
  const auto model = reference.model(make_xgboost(), "xgboost");
  model->fit(reference.learnt_from, reference.context(3));
  CHECK(reference.difference(*model, "xgboost") < 1e-6);
}

TEST_CASE("XGBoost learns classes that lie apart; each row of probabilities sums to 1") {
  for (const std::uint32_t classes : {2U, 4U}) {
    const dataset t = blobs({.classes = classes, .noise = 0.3F});
    for (const char* method : {"hist", "exact", "approx"}) {
      const auto model = with(R"({"n_estimators": 20, "tree_method": ")" + std::string(method) + "\"}");
      model->fit(all_rows_of(t), context_of(t));
      const auto p = model->predict_proba(all_rows_of(t), 1);
      REQUIRE(p.size() == t.rows() * classes);
      for (std::size_t i = 0; i < p.size(); i += classes)
        CHECK(std::accumulate(p.begin() + static_cast<long>(i), p.begin() + static_cast<long>(i + classes), 0.0) ==
              doctest::Approx(1).epsilon(1e-5));
      CHECK(accuracy_on(*model, t) > 0.98);
    }
  }
}

TEST_CASE("the model's bytes are the same for any number of threads and each time") {
  const dataset t = blobs({.noise = 2});
  const std::string parameters = R"({"n_estimators": 10, "subsample": 0.7, "colsample_bytree": 0.5})";
  const auto bytes = [&](unsigned threads, std::uint64_t seed) {
    const auto model = with(parameters);
    fit_context context = context_of(t, threads);
    context.seed = seed;
    model->fit(all_rows_of(t), context);
    return saved(*model);
  };
  const std::string reference = bytes(1, 5);
  CHECK(bytes(1, 5) == reference);
  CHECK(bytes(2, 5) == reference);
  CHECK(bytes(3, 5) == reference);
  CHECK(bytes(1, 6) != reference);
}

TEST_CASE("each parameter reaches XGBoost") {
  const dataset t = blobs({.noise = 3});
  const auto bytes = [&](const std::string& parameters) {
    const auto model = make_xgboost();
    set_parameters(*model, R"({"n_estimators": 3})");
    set_parameters(*model, parameters);
    model->fit(all_rows_of(t), context_of(t));
    return saved(*model);
  };
  const std::string reference = bytes("{}");
  CHECK(bytes("{}") == reference);
  for (const char* change :
       {R"("n_estimators": 4)", R"("learning_rate": 0.1)", R"("max_depth": 2)", R"("tree_method": "exact")",
        R"("max_bin": 4)", R"("subsample": 0.5)", R"("colsample_bytree": 0.5)", R"("min_child_weight": 5)",
        R"("reg_lambda": 3)", R"("gamma": 1)"}) {
    CHECK_MESSAGE(bytes("{" + std::string(change) + "}") != reference, change);
  }
}

TEST_CASE("two models trained side by side do not disturb each other") {
  const dataset t = blobs({.noise = 2});
  const auto fit = [&](std::unique_ptr<classifier>& model) {
    model = with(R"({"n_estimators": 10, "tree_method": "exact", "subsample": 0.7})");
    model->fit(all_rows_of(t), context_of(t));
  };
  std::unique_ptr<classifier> alone;
  fit(alone);
  std::unique_ptr<classifier> first;
  std::unique_ptr<classifier> second;
  std::thread other([&] { fit(first); });
  fit(second);
  other.join();
  CHECK(saved(*first) == saved(*alone));
  CHECK(saved(*second) == saved(*alone));
}

TEST_CASE("a model that was saved and loaded predicts the same bits, with any number of threads") {
  const dataset t = blobs({.noise = 2});
  const auto model = with(R"({"n_estimators": 20})");
  model->fit(all_rows_of(t), context_of(t));
  const scratch_folder folder("xgboost_load");
  model->save(folder.path);
  const auto loaded = make_xgboost();
  loaded->load(folder.path);
  const auto expected = model->predict_proba(all_rows_of(t), 1);
  CHECK(loaded->predict_proba(all_rows_of(t), 1) == expected);
  CHECK(loaded->predict_proba(all_rows_of(t), 2) == expected);
  CHECK(saved(*loaded) == saved(*model));
}

TEST_CASE("several threads may predict with one model at once") {
  const dataset t = blobs({.noise = 2});
  const auto model = with(R"({"n_estimators": 20})");
  model->fit(all_rows_of(t), context_of(t));
  const auto expected = model->predict_proba(all_rows_of(t), 1);
  std::vector<int> right(4, 0);
  std::vector<std::thread> threads;
  for (int& count : right)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        count += model->predict_proba(all_rows_of(t), 1) == expected ? 1 : 0;
    });
  for (std::thread& thread : threads)
    thread.join();
  CHECK(right == std::vector<int>(4, 20));
}

TEST_CASE("early stopping ends soon after the validation loss rises, and keeps the best round") {
  const dataset t = blobs({.noise = 3});
  const samples train = rows_of(t, 0, 2);
  const samples validation = rows_of(t, 1, 2);
  fit_context context = context_of(t);
  context.validation = &validation;
  const auto loss_after = [&](const std::string& parameters) {
    const auto model = with(parameters);
    model->fit(train, context);
    return evaluate(validation.labels, model->predict_proba(validation, 1), t.label_names).log_loss;
  };
  const auto stopped = with(R"({"n_estimators": 500, "learning_rate": 0.3, "early_stopping_rounds": 5})");
  CHECK(stopped->needs_validation());
  stopped->fit(train, context);
  const std::size_t rounds = trees_in(saved(*stopped)) / 3;
  CHECK(rounds > 1);
  CHECK(rounds < 100);
  const double kept = evaluate(validation.labels, stopped->predict_proba(validation, 1), t.label_names).log_loss;
  const auto rounds_text = [](std::size_t n) {
    return R"({"learning_rate": 0.3, "n_estimators": )" + std::to_string(n) + "}";
  };
  CHECK(kept == loss_after(rounds_text(rounds)));
  CHECK(kept < loss_after(rounds_text(rounds + 5)));
}

TEST_CASE("importance is each column's share of the gain") {
  dataset t = blobs({.classes = 2, .noise = 1});
  for (std::size_t i = 0; i < t.rows(); ++i) {
    t.values[i * t.width() + 1] = 1;                                            // says nothing
    t.values[i * t.width() + 4] = static_cast<float>(t.labels[i]) * 100 + 0.5F; // says all
  }
  t.columns = {"a", "b", "c", "d [dB] <", "e e", "f"};
  const auto model = with(R"({"n_estimators": 5})");
  model->fit(all_rows_of(t), context_of(t));
  const auto importance = model->importance();
  REQUIRE(importance.size() == 6);
  CHECK(std::accumulate(importance.begin(), importance.end(), 0.0) == doctest::Approx(1));
  CHECK(importance[1] == 0);
  CHECK(importance[4] > 0.9);
}

TEST_CASE("column names are kept in the file, without what XGBoost forbids") {
  dataset t = blobs({.width = 2});
  t.columns = {"rms", "mfcc[0] <dB>"};
  const auto model = with(R"({"n_estimators": 2})");
  model->fit(all_rows_of(t), context_of(t));
  CHECK(nlohmann::json::parse(saved(*model))["learner"]["feature_names"] ==
        nlohmann::json::parse(R"(["rms", "mfcc_0_ _dB>"])"));
}

TEST_CASE("training stops soon when it is cancelled") {
  const dataset t = blobs();
  std::atomic<bool> cancel = true;
  fit_context context = context_of(t);
  context.cancel = &cancel;
  const auto model = make_xgboost();
  CHECK(sentence(errc::internal, [&] { model->fit(all_rows_of(t), context); }) ==
        "training was cancelled after 0 rounds");
  cancel = false;
  context.tell = [&](std::uint32_t done, std::uint32_t) { cancel = done == 3; };
  CHECK(sentence(errc::internal, [&] { model->fit(all_rows_of(t), context); }) ==
        "training was cancelled after 3 rounds");
}

TEST_CASE("data that cannot be learnt from is refused with a sentence") {
  const dataset t = blobs();
  const auto model = with(R"({"n_estimators": 2})");
  const auto refusal = [&](const samples& x) {
    return sentence(errc::bad_model, [&] { model->fit(x, context_of(t)); });
  };
  samples x = all_rows_of(t);
  x.labels.assign(x.rows(), 2);
  CHECK(refusal(x) == "the XGBoost model needs training rows of at least 2 classes, found 1");
  x.labels.back() = 3;
  CHECK(refusal(x) == "the XGBoost model needs labels below the number of classes 3, found 3");
  x.labels.clear();
  CHECK(refusal(x) ==
        "the XGBoost model needs a label for each of at least one training row, found 0 labels for 120 rows");
  CHECK(refusal(samples{3, {}, {}}) ==
        "the XGBoost model needs a label for each of at least one training row, found 0 labels for 0 rows");
  x = all_rows_of(t);
  x.values[8] = std::numeric_limits<float>::quiet_NaN();
  CHECK(refusal(x) == "the XGBoost model needs finite values, found nan in row 1, column 2 (from 0)");

  const auto early = with(R"({"early_stopping_rounds": 3})");
  CHECK(sentence(errc::bad_model, [&] { early->fit(all_rows_of(t), context_of(t)); }) ==
        "models.xgboost.early_stopping_rounds needs validation rows, but there are none");
}

TEST_CASE("a model that is not ready, and rows of another width, are refused") {
  const dataset t = blobs();
  const auto model = with(R"({"n_estimators": 2})");
  CHECK(sentence(errc::bad_model, [&] { model->predict_proba(all_rows_of(t), 1); }) ==
        "the XGBoost model must be trained or loaded first");
  CHECK(sentence(errc::bad_model, [&] { model->save("/tmp"); }) == "the XGBoost model must be trained or loaded first");
  model->fit(all_rows_of(t), context_of(t));
  CHECK(sentence(errc::bad_model, [&] {
          model->predict_proba(samples{5, std::vector<float>(10), {}}, 1);
        }) == "the XGBoost model needs rows of 6 columns, found 5");
  CHECK(model->predict_proba(samples{6, {}, {}}, 1).empty());
}

TEST_CASE("files that XGBoost cannot read are refused with one line") {
  const scratch_folder folder("xgboost_broken");
  const auto model = make_xgboost();
  const std::string path = folder.path + "/xgboost.json";
  CHECK(sentence(errc::bad_model, [&] { model->load(folder.path); }) == path + ": must be a readable file");
  for (const char* text : {"", "{", "{\"learner\": 3}", "{\"learner\": {}}", "no json", "[1, 2]"}) {
    std::ofstream(path) << text;
    const std::string why = sentence(errc::bad_model, [&] { model->load(folder.path); });
    CHECK_MESSAGE(why.starts_with(path + ": must be a model that XGBoost can read"), text);
    CHECK(why.find('\n') == std::string::npos);
    CHECK(why.find("Stack trace") == std::string::npos);
  }
}

TEST_CASE("a model whose indices lead elsewhere is refused before XGBoost follows them") {
  const dataset t = blobs({.noise = 2});
  const auto model = with(R"({"n_estimators": 2, "max_depth": 3})");
  model->fit(all_rows_of(t), context_of(t));
  const std::string text = saved(*model);
  const auto whole = nlohmann::json::parse(text);
  const scratch_folder folder("xgboost_hostile");
  const auto load = [&](const std::string& content) {
    std::ofstream(folder.path + "/xgboost.json") << content;
    return sentence(errc::bad_model, [&] { make_xgboost()->load(folder.path); });
  };
  const std::string lead = folder.path + "/xgboost.json: must be a model that XGBoost can read: ";
  CHECK(load(text) == "no error");

  const std::string trees = "/learner/gradient_booster/model/";
  const std::string tree = trees + "trees/0/";
  const std::vector<std::pair<std::string, nlohmann::json>> changes{
      {"/learner/learner_model_param/num_class", "4"},
      {"/learner/learner_model_param/num_class", "-3"},
      {"/learner/learner_model_param/num_class", "1000000000"},
      {"/learner/learner_model_param/num_class", 3},
      {"/learner/learner_model_param/num_feature", "7"},
      {"/learner/objective/name", "reg:squarederror"},
      {"/learner/objective/softmax_multiclass_param/num_class", "30"},
      {"/learner/gradient_booster/name", "gblinear"},
      {trees + "gbtree_model_param/num_trees", "5"},
      {trees + "gbtree_model_param/num_parallel_tree", "0"},
      {trees + "tree_info/1", 3},
      {trees + "tree_info/1", -1},
      {trees + "tree_info", nlohmann::json::array()},
      {tree + "id", 1},
      {tree + "tree_param/num_nodes", "1000000"},
      {tree + "tree_param/num_feature", "5"},
      {tree + "left_children/0", 0},
      {tree + "left_children/0", 100000},
      {tree + "left_children/0", -2},
      {tree + "left_children/0", -1},
      {tree + "left_children/0", 1.0},
      {tree + "left_children/0", "1"},
      {tree + "right_children/0", whole["learner"]["gradient_booster"]["model"]["trees"][0]["left_children"][0]},
      {tree + "parents/1", 5},
      {tree + "parents/1", -7},
      {tree + "split_indices/0", 6},
      {tree + "split_indices/0", -1},
      {tree + "split_type/0", 1},
      {tree + "default_left/0", 7},
      {tree + "categories", {0}},
      {tree + "split_conditions", {0.5}},
      {tree + "base_weights/0", "x"},
  };
  for (const auto& [at, value] : changes) {
    auto json = whole;
    const nlohmann::json::json_pointer place(at);
    REQUIRE(json.contains(place));
    json[place] = value;
    const std::string why = load(json.dump());
    CHECK_MESSAGE(why.starts_with(lead), at, " ", value.dump());
    CHECK_MESSAGE(why.find("XGBoost says") == std::string::npos, why);
  }
  for (const char* key : {"left_children", "parents", "split_indices", "loss_changes", "tree_param", "id"}) {
    auto json = whole;
    json[nlohmann::json::json_pointer(trees + "trees/0")].erase(key);
    CHECK_MESSAGE(load(json.dump()).starts_with(lead), key);
  }
  CHECK(load(" " + text) == lead + "/learner must be JSON that begins with {\"");
  CHECK(load("{\"x\":" + std::string(1000000, '[')) == lead + "/learner must not be nested deeper than 16 levels");
  CHECK(load("{\"learner\":{}," + text.substr(1)) == lead + "/learner must not have a key twice");
}

TEST_CASE("models with pruned nodes load") {
  dataset t = blobs({.noise = 3});
  for (std::size_t i = 0; i < t.rows(); ++i)
    t.labels[i] = static_cast<std::uint32_t>(i % 3); // nothing to learn: few splits are worth it
  int pruned = 0;
  for (const char* method : {"hist", "exact", "approx"}) {
    const auto model = with(R"({"n_estimators": 5, "gamma": 1, "tree_method": ")" + std::string(method) + "\"}");
    model->fit(all_rows_of(t), context_of(t));
    const auto json = nlohmann::json::parse(saved(*model));
    for (const auto& tree : json["learner"]["gradient_booster"]["model"]["trees"])
      pruned += tree["tree_param"]["num_deleted"] != "0" ? 1 : 0;
    const scratch_folder folder("xgboost_pruned");
    model->save(folder.path);
    const auto loaded = make_xgboost();
    loaded->load(folder.path);
    CHECK(loaded->predict_proba(all_rows_of(t), 1) == model->predict_proba(all_rows_of(t), 1));
  }
  CHECK(pruned > 0);
}

TEST_CASE("a clone has the parameters, not what was learnt") {
  const dataset t = blobs();
  const auto model = with(R"({"n_estimators": 2})");
  model->fit(all_rows_of(t), context_of(t));
  const auto copy = model->clone();
  hyper_parameters a{*model};
  hyper_parameters b{*copy};
  CHECK(to_json(a) == to_json(b));
  CHECK(sentence(errc::bad_model, [&] { copy->predict_proba(all_rows_of(t), 1); }) != "no error");
}

TEST_CASE("the library's version has three numbers") {
  const std::string version = xgboost_version();
  CHECK(std::count(version.begin(), version.end(), '.') == 2);
}
