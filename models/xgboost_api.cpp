// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_api.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace fugato::xgboost_api {

const shared_library& library() {
  static const shared_library xgboost(FUGATO_LIBXGBOOST);
  return xgboost;
}

/// The library's messages look like `[12:00:00] file.cc:1: what\nStack trace:\n ...`.
void check(int status) {
  if (status == 0)
    return;
  std::string message = FUGATO_XGBOOST(XGBGetLastError)();
  message.erase(std::min(message.find("Stack trace"), message.size()));
  if (const auto time_end = message.find("] "); message.starts_with("[") && time_end != std::string::npos)
    message.erase(0, time_end + 2);
  std::replace(message.begin(), message.end(), '\n', ' ');
  message.erase(message.find_last_not_of(' ') + 1);
  throw error(errc::bad_model, "XGBoost says: " + message);
}

matrix::matrix(const samples& rows, unsigned threads) {
  const std::string array = fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                                        reinterpret_cast<std::uintptr_t>(rows.values.data()), rows.rows(), rows.width);
  const std::string config = fmt::format(R"({{"missing":NaN,"nthread":{}}})", threads);
  check(FUGATO_XGBOOST(XGDMatrixCreateFromDense)(array.c_str(), config.c_str(), &handle_));
  if (rows.labels.empty())
    return;
  const std::vector<float> labels(rows.labels.begin(), rows.labels.end());
  if (const int status = FUGATO_XGBOOST(XGDMatrixSetFloatInfo)(handle_, "label", labels.data(), labels.size());
      status != 0) {
    FUGATO_XGBOOST(XGDMatrixFree)(handle_); // no destructor runs after a throwing constructor
    check(status);
  }
}

matrix::~matrix() { FUGATO_XGBOOST(XGDMatrixFree)(handle_); }

booster::booster(std::span<const DMatrixHandle> matrices) {
  check(FUGATO_XGBOOST(XGBoosterCreate)(matrices.data(), matrices.size(), &handle_));
}

booster::~booster() { FUGATO_XGBOOST(XGBoosterFree)(handle_); }

void booster::set(const char* parameter, const std::string& value) {
  check(FUGATO_XGBOOST(XGBoosterSetParam)(handle_, parameter, value.c_str()));
}

void booster::name_columns(const std::vector<std::string>& columns) {
  std::vector<std::string> safe = columns;
  for (std::string& name : safe)
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '[' || c == ']' || c == '<'; }, '_');
  std::vector<const char*> pointers;
  pointers.reserve(safe.size());
  for (const std::string& name : safe)
    pointers.push_back(name.c_str());
  check(FUGATO_XGBOOST(XGBoosterSetStrFeatureInfo)(handle_, "feature_name", pointers.data(), pointers.size()));
}

void booster::update(std::uint32_t round, const matrix& train) {
  check(FUGATO_XGBOOST(XGBoosterUpdateOneIter)(handle_, static_cast<int>(round), train.get()));
}

double booster::evaluate(std::uint32_t round, const matrix& rows) {
  DMatrixHandle matrices[] = {rows.get()};
  const char* names[] = {"validation"};
  const char* text = nullptr; // "[0]\tvalidation-mlogloss:1.23"
  check(FUGATO_XGBOOST(XGBoosterEvalOneIter)(handle_, static_cast<int>(round), matrices, names, 1, &text));
  const std::string_view line = text;
  const auto colon = line.rfind(':');
  double value = 0;
  if (colon == std::string_view::npos ||
      std::from_chars(line.data() + colon + 1, line.data() + line.size(), value).ec != std::errc{})
    throw error(errc::internal, "XGBoost's evaluation must end in ':<number>', found '" + std::string(line) + "'");
  return value;
}

void booster::keep(std::uint32_t rounds) {
  BoosterHandle shorter = nullptr;
  check(FUGATO_XGBOOST(XGBoosterSlice)(handle_, 0, static_cast<int>(rounds), 1, &shorter));
  FUGATO_XGBOOST(XGBoosterFree)(handle_);
  handle_ = shorter;
}

std::vector<float> booster::predict(const matrix& rows) {
  const char* config = R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  check(FUGATO_XGBOOST(XGBoosterPredictFromDMatrix)(handle_, rows.get(), config, &shape, &dimensions, &values));
  bst_ulong size = 1;
  for (bst_ulong i = 0; i < dimensions; ++i)
    size *= shape[i];
  return {values, values + size};
}

std::size_t booster::width() const {
  bst_ulong width = 0;
  check(FUGATO_XGBOOST(XGBoosterGetNumFeature)(handle_, &width));
  return width;
}

std::vector<double> booster::total_gain() const {
  // numbers for names, so that the answer, which leaves columns out, can be mapped back
  std::string names;
  for (std::size_t i = 0; i < width(); ++i)
    names += fmt::format("{}\"{}\"", i == 0 ? "" : ",", i);
  const std::string config = fmt::format(R"({{"importance_type":"total_gain","feature_names":[{}]}})", names);
  bst_ulong count = 0;
  const char** features = nullptr;
  bst_ulong dimensions = 0;
  const bst_ulong* shape = nullptr;
  const float* scores = nullptr;
  check(
      FUGATO_XGBOOST(XGBoosterFeatureScore)(handle_, config.c_str(), &count, &features, &dimensions, &shape, &scores));
  std::vector<double> result(width(), 0.0);
  for (bst_ulong i = 0; i < count; ++i)
    result.at(std::stoul(features[i])) = static_cast<double>(scores[i]);
  return result;
}

std::string booster::to_json() const {
  bst_ulong size = 0;
  const char* text = nullptr;
  check(FUGATO_XGBOOST(XGBoosterSaveModelToBuffer)(handle_, R"({"format":"json"})", &size, &text));
  return {text, size};
}

void booster::from_json(std::string_view text) {
  check(FUGATO_XGBOOST(XGBoosterLoadModelFromBuffer)(handle_, text.data(), text.size()));
}

std::uint32_t booster::rounds() const {
  int rounds = 0;
  check(FUGATO_XGBOOST(XGBoosterBoostedRounds)(handle_, &rounds));
  return static_cast<std::uint32_t>(rounds);
}

std::unique_ptr<booster> boost(const boosting& job, const watch& each_round) {
  std::vector<DMatrixHandle> matrices{job.train.get()};
  if (job.evaluated != nullptr)
    matrices.push_back(job.evaluated->get());
  auto learnt = std::make_unique<booster>(matrices);
  if (!job.initial.empty())
    learnt->from_json(job.initial);
  for (const auto& [name, value] : job.settings)
    learnt->set(name.c_str(), value);
  if (!job.columns.empty())
    learnt->name_columns(job.columns);
  std::uint32_t done = job.initial.empty() ? 0 : learnt->rounds();
  while (each_round(*learnt, done) && done < job.rounds)
    learnt->update(done++, job.train);
  return learnt;
}

} // namespace fugato::xgboost_api
