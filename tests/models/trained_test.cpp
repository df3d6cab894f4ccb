// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/read_text.hpp"
#include "models/trained.hpp"
#include "models/training.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace fugato;

namespace {

const dataset table = blobs({.noise = 2});

trained_model small_model() {
  model_settings models;
  set_parameters(models.at("xgboost"), R"({"n_estimators": 5, "max_depth": 3})");
  return train(table, {}, models, 1).model;
}

/// A model folder in which `model.json` was changed.
struct changed_folder {
  scratch_folder folder{"trained_changed"};

  explicit changed_folder(const std::function<void(nlohmann::ordered_json&)>& change, bool from_audio = false) {
    trained_model model = small_model();
    model.from_audio = from_audio;
    save_trained(model, folder.path, "0.1.0");
    auto json = nlohmann::ordered_json::parse(read_text(folder.path + "/model.json", errc::bad_model));
    change(json);
    std::ofstream(folder.path + "/model.json") << json;
  }

  /// The error's sentence, without the folder's name.
  std::string refusal() const {
    std::string what = sentence(errc::bad_model, [&] { load_trained(folder.path); });
    for (auto at = what.find(folder.path); at != std::string::npos; at = what.find(folder.path))
      what.replace(at, folder.path.size(), "DIR");
    return what;
  }
};

std::string refusal_after(const std::function<void(nlohmann::ordered_json&)>& change, bool from_audio = false) {
  return changed_folder(change, from_audio).refusal();
}

/// JSON pointers of all fields, `format` and `model` apart, whose loss has errors of its own.
void collect_fields(const nlohmann::ordered_json& json, const std::string& at, std::vector<std::string>& fields) {
  for (const auto& [key, value] : json.items()) {
    if (json.is_object() && at + key != "/format" && at + key != "/model")
      fields.push_back(at + key);
    if (value.is_structured())
      collect_fields(value, at + key + "/", fields);
  }
}

} // namespace

TEST_CASE("a model folder loads with everything in it, and predicts the same bits") {
  const scratch_folder folder("trained_round_trip");
  trained_model model = small_model();
  model.from_audio = true;
  model.audio.rate = 16000;
  model.chunking.mode = "even";
  model.features.n_fft = 1024;
  save_trained(model, folder.path + "/made/on/the/way", "0.1.0");
  const trained_model back = load_trained(folder.path + "/made/on/the/way");
  CHECK(back.name == "xgboost");
  CHECK(back.labels == model.labels);
  CHECK(back.columns == model.columns);
  CHECK(back.scaling.mean == model.scaling.mean);
  CHECK(back.scaling.scale == model.scaling.scale);
  CHECK(back.from_audio);
  CHECK(back.audio.rate == 16000);
  CHECK(back.chunking.mode == "even");
  CHECK(back.features.n_fft == 1024);
  CHECK(predict_proba(back, table, 1) == predict_proba(model, table, 1));
  hyper_parameters parameters{*back.learnt};
  CHECK(nlohmann::json::parse(to_json(parameters))["max_depth"] == 3);
}

TEST_CASE("the same model is saved as the same bytes; settings of audio only when there are some") {
  const scratch_folder a("trained_a");
  const scratch_folder b("trained_b");
  save_trained(small_model(), a.path, "0.1.0");
  save_trained(small_model(), b.path, "0.1.0");
  for (const char* file : {"/model.json", "/xgboost.json"})
    CHECK(read_text(a.path + file, errc::bad_model) == read_text(b.path + file, errc::bad_model));
  const auto json = nlohmann::json::parse(read_text(a.path + "/model.json", errc::bad_model));
  CHECK(json["fugato"] == "0.1.0");
  CHECK_FALSE(json.contains("audio"));
  CHECK_FALSE(json.contains("features"));
}

TEST_CASE("a table's columns are found by name") {
  const trained_model model = small_model();
  dataset other;
  other.columns = {"x5", "x3", "other", "x4", "x0", "x1", "x2"};
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto row = table.row(i);
    other.values.insert(other.values.end(), {row[5], row[3], -1, row[4], row[0], row[1], row[2]});
  }
  CHECK(predict_proba(model, other, 1) == predict_proba(model, table, 1));
  other.columns[3] = "x44";
  CHECK(sentence(errc::bad_table, [&] { predict_proba(model, other, 1); }) ==
        "the table must have the 6 columns that the model learnt from, but lacks 'x4'; did you mean 'x5'?");
}

TEST_CASE("a folder that is no model is refused") {
  const scratch_folder folder("trained_none");
  CHECK(sentence(errc::bad_model, [&] { load_trained(folder.path); }) ==
        folder.path + "/model.json: must be a readable file");
  std::ofstream(folder.path + "/model.json") << "{ no json";
  CHECK(sentence(errc::bad_model, [&] {
          load_trained(folder.path);
        }).starts_with(folder.path + "/model.json: must be JSON"));
}

TEST_CASE("another format version is refused before anything else is looked at") {
  CHECK(refusal_after([](auto& json) {
          json["format"] = 2;
          json["news"] = true;
        }) == "DIR/model.json: /format: must be 1, found 2");
  CHECK(refusal_after([](auto& json) { json.erase("format"); }) == "DIR/model.json: /format: must be 1, found 0");
}

TEST_CASE("parts of model.json that are missing, unknown or do not belong together are refused") {
  CHECK(refusal_after([](auto& json) { json["news"] = true; }).starts_with("DIR/model.json: /news: unknown setting"));
  CHECK(refusal_after([](auto& json) { json["model"] = "xgbost"; }) ==
        "DIR/model.json: /model: unknown name 'xgbost'; did you mean 'xgboost'?");
  CHECK(
      refusal_after([](auto& json) { json.erase("model"); }).starts_with("DIR/model.json: unknown model ''; known: "));
  CHECK(refusal_after([](auto& json) { json.erase("columns"); }) ==
        "DIR/model.json: /columns: must be there, but is missing");
  CHECK(refusal_after([](auto& json) { json["columns"].clear(); }) ==
        "DIR/model.json: must name at least 1 column and 2 labels, found 0 and 3");
  CHECK(refusal_after([](auto& json) { json["scaler"]["mean"].erase(0); }) ==
        "DIR/model.json: /scaler: must have a mean and a scale for each of 6 columns, found 5 and 6");
  CHECK(refusal_after([](auto& json) { json["scaler"]["scale"][1] = 0; }) ==
        "DIR/model.json: /scaler/scale: must be greater than 0 in each column");
  CHECK(refusal_after([](auto& json) { json["files"].clear(); }) ==
        "DIR/model.json: /files: must name the classifier's files, found none");
}

TEST_CASE("each field of model.json must be there: none is taken at its default") {
  std::vector<std::string> fields;
  changed_folder folder([&](const auto& json) { collect_fields(json, "/", fields); }, true);
  CHECK_NOTHROW(load_trained(folder.folder.path));
  REQUIRE(fields.size() > 40);
  const std::string path = folder.folder.path + "/model.json";
  const auto whole = nlohmann::ordered_json::parse(read_text(path, errc::bad_model));
  for (const std::string& field : fields) {
    auto json = whole;
    const nlohmann::ordered_json::json_pointer at(field);
    json[at.parent_pointer()].erase(at.back());
    std::ofstream(path) << json;
    // without from_audio, the sections that it announces are the surprise
    if (field == "/from_audio")
      CHECK(folder.refusal() != "no error");
    else
      CHECK(folder.refusal() == "DIR/model.json: " + field + ": must be there, but is missing");
  }
}

TEST_CASE("settings of the audio or the features that were changed after training are refused") {
  for (const auto& [section, field, value] :
       {std::tuple{"features", "n_fft", nlohmann::json(1024)}, {"audio", "rate", 16000}, {"chunking", "mode", "even"}})
    CHECK(refusal_after([&](auto& json) { json[section][field] = value; }, true) ==
          "DIR/model.json: /audio, /chunking and /features must be those that the model learnt from, but they do not "
          "have the SHA-256 of /settings_sha256: they were changed");
}

TEST_CASE("names of labels and columns must be there and differ, and files lie in the folder") {
  CHECK(refusal_after([](auto& json) { json["labels"][1] = json["labels"][0]; }) ==
        "DIR/model.json: /labels: 'genre0' must stand only once");
  CHECK(refusal_after([](auto& json) { json["labels"][1] = ""; }) ==
        "DIR/model.json: /labels: names must not be empty, but one is");
  CHECK(refusal_after([](auto& json) { json["columns"][1] = "x0"; }) ==
        "DIR/model.json: /columns: 'x0' must stand only once");
  CHECK(refusal_after([](auto& json) { json["files"][0]["name"] = "../x"; }) ==
        "DIR/model.json: /files: must lie in the model folder, but '../x' does not");
}

TEST_CASE("a classifier of other columns or classes than model.json says is refused") {
  CHECK(refusal_after([](auto& json) {
          json["columns"].push_back("x6");
          json["scaler"]["mean"].push_back(0);
          json["scaler"]["scale"].push_back(1);
        }) ==
        "DIR: the classifier must fit the 7 columns and 3 labels of model.json, but the XGBoost model needs rows of "
        "6 columns, found 7");
  CHECK(refusal_after([](auto& json) { json["labels"].push_back("more"); }) ==
        "DIR: the classifier must fit the 6 columns and 4 labels of model.json, but it knows 3 classes");
}

TEST_CASE("a classifier's file that is missing or damaged is refused") {
  const changed_folder damaged([](auto&) {});
  const std::string file = damaged.folder.path + "/xgboost.json";
  std::string text = read_text(file, errc::bad_model);
  text[text.size() / 2] = text[text.size() / 2] == '1' ? '2' : '1';
  std::ofstream(file) << text;
  CHECK(damaged.refusal() ==
        "DIR/xgboost.json: must have the SHA-256 that model.json says, but was changed or damaged");
  std::filesystem::remove(file);
  CHECK(damaged.refusal() == "DIR/xgboost.json: must be a readable file");
}

TEST_CASE("a folder that cannot be made is an error of the output") {
  CHECK(sentence(errc::output, [] {
          save_trained(small_model(), "/dev/null/model", "0.1.0");
        }).starts_with("/dev/null/model: the folder could not be made"));
}

TEST_CASE("what a model says of a row does not depend on the rows beside it, nor on the threads") {
  const dataset many = blobs({.classes = 4, .tracks_per_class = 10, .width = 90, .noise = 2});
  model_settings quick;
  set_parameters(quick.at("xgboost"), R"({"n_estimators": 20})");
  set_parameters(quick.at("xgboost-forest"), R"({"n_estimators": 10})");
  set_parameters(quick.at("random-forest"), R"({"n_estimators": 20})");
  set_parameters(quick.at("mlp"), R"({"max_iter": 20})");
  for (const model& kind : models()) {
    CAPTURE(kind.name);
    train_settings how;
    how.model = kind.name;
    const trained_model learnt = train(many, how, quick, 2).model;
    const std::vector<float> together = predict_proba(learnt, many, 2);
    const std::size_t classes = learnt.labels.size();
    for (const std::size_t rows : {1U, 10U, 70U}) {
      std::vector<float> apart;
      dataset part;
      part.columns = many.columns;
      for (std::size_t at = 0; at < many.rows(); at += rows) {
        const std::size_t end = std::min(at + rows, many.rows());
        part.values.assign(many.values.begin() + static_cast<std::ptrdiff_t>(at * many.width()),
                           many.values.begin() + static_cast<std::ptrdiff_t>(end * many.width()));
        const std::vector<float> some = predict_proba(learnt, part, 1);
        apart.insert(apart.end(), some.begin(), some.end());
      }
      CAPTURE(rows);
      REQUIRE(apart.size() == many.rows() * classes);
      CHECK(apart == together);
    }
  }
}
