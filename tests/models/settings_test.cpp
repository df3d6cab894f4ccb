// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/settings.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace fugato;

namespace {

nlohmann::json json_of(model_settings& x) { return nlohmann::json::parse(write_json(description_of(x))); }

} // namespace

TEST_CASE("every model of the catalog has a summary, a reference and its section of parameters") {
  model_settings settings;
  const auto json = json_of(settings);
  CHECK(json.size() == models().size());
  for (const model& row : models()) {
    CHECK(!row.summary.empty());
    CHECK(!row.reference.empty());
    CHECK(json[std::string(row.name)].size() > 0);
  }
}

TEST_CASE("parameters are read by the model's name, others keep their defaults") {
  model_settings settings;
  read_json(R"({"xgboost": {"n_estimators": 7}})", {"m.json", ""}, description_of(settings));
  const auto json = json_of(settings);
  CHECK(json["xgboost"]["n_estimators"] == 7);
  CHECK(json["xgboost"]["learning_rate"] == 0.05);
}

TEST_CASE("wrong parameters are errors with their place") {
  model_settings settings;
  const auto refusal = [&](const std::string& text) {
    return sentence(errc::settings, [&] { read_json(text, {"m.json", ""}, description_of(settings)); });
  };
  CHECK(refusal(R"({"xgboost": {"n_estimator": 7}})") ==
        "m.json: /xgboost/n_estimator: unknown setting; did you mean 'n_estimators'?");
  CHECK(refusal(R"({"xgboost": {"subsample": 0}})").starts_with("m.json: /xgboost/subsample: must lie in "));
  CHECK(refusal(R"({"xgbost": {}})") == "m.json: /xgbost: unknown setting; did you mean 'xgboost'?");
}

TEST_CASE("a copy of the settings is independent") {
  model_settings original;
  model_settings copy = original;
  set_parameters(copy.at("xgboost"), R"({"n_estimators": 3})");
  CHECK(json_of(original)["xgboost"]["n_estimators"] == 1000);
  original = copy;
  CHECK(json_of(original)["xgboost"]["n_estimators"] == 3);
  CHECK(sentence(errc::settings, [&] { original.at("xgbost"); }) == "unknown model 'xgbost'; did you mean 'xgboost'?");
}

TEST_CASE("train settings know the models and the split") {
  train_settings x;
  read_json(R"({"model": "xgboost", "seed": 9, "split": {"test_size": 0.2}})", {"t.json", ""}, description_of(x));
  CHECK(x.seed == 9);
  CHECK(x.split.test_size == 0.2);
  CHECK(x.split.kind == "grouped-track");
  CHECK(sentence(errc::settings, [&] {
          read_json(R"({"model": "xgbost"})", {"t.json", ""}, description_of(x));
        }) == "t.json: /model: unknown name 'xgbost'; did you mean 'xgboost'?");
}
