// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "config/read_text.hpp"
#include "models/xgboost_api.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

namespace fugato {
namespace {

using xgboost_api::booster;
using xgboost_api::matrix;

struct xgboost_parameters {
  std::uint32_t n_estimators = 1000;
  double learning_rate = 0.05;
  std::uint32_t max_depth = 6;
  std::string tree_method = "hist";
  std::uint32_t max_bin = 256;
  double subsample = 1;
  double colsample_bytree = 1;
  double min_child_weight = 1;
  double reg_lambda = 1;
  double gamma = 0;
  std::uint32_t early_stopping_rounds = 0;
};

void describe(visitor& v, xgboost_parameters& x) {
  v("n_estimators", x.n_estimators, between{1, 100000}, "boosting rounds; each grows one tree a class");
  v("learning_rate", x.learning_rate, between{1e-6, 1}, "factor on each tree's contribution");
  v("max_depth", x.max_depth, between{1, 32}, "most splits from a tree's root to a leaf");
  v("tree_method", x.tree_method, one_of{{"hist", "exact", "approx"}},
    "how splits are searched: in histograms made once, among all values, or in histograms made each round");
  v("max_bin", x.max_bin, between{2, 65536}, "bins of a column's histogram; not used by exact");
  v("subsample", x.subsample, between{0.01, 1}, "share of the rows that each round learns from");
  v("colsample_bytree", x.colsample_bytree, between{0.01, 1}, "share of the columns that each tree may split by");
  v("min_child_weight", x.min_child_weight, between{0, 1e9}, "least sum of Hessians that a leaf must hold");
  v("reg_lambda", x.reg_lambda, between{0, 1e9}, "L2 penalty on the leaves' values");
  v("gamma", x.gamma, between{0, 1e9}, "least gain that a split must bring");
  v("early_stopping_rounds", x.early_stopping_rounds, between{0, 100000},
    "stop after so many rounds without a lower log loss on a fifth of the training tracks, which is not learnt from, "
    "and keep the best round; 0: never");
}

/// What XGBoost itself would take silently or as a missing value.
void check_values(const samples& x, std::size_t width) {
  if (x.width != width)
    throw error(errc::bad_model, fmt::format("the XGBoost model needs rows of {} columns, found {}", width, x.width));
  const auto bad = std::find_if(x.values.begin(), x.values.end(), [](float value) { return !std::isfinite(value); });
  if (bad != x.values.end()) {
    const auto at = static_cast<std::size_t>(bad - x.values.begin());
    throw error(errc::bad_model, fmt::format("XGBoost needs finite values, found {} in row {}, column {} (from 0)",
                                             *bad, at / x.width, at % x.width));
  }
}

void check_trainable(const samples& x, std::uint32_t classes, std::string_view which) {
  if (x.rows() == 0 || x.labels.size() != x.rows())
    throw error(errc::bad_model, fmt::format("XGBoost needs a label for each of at least one {} row, found {} labels "
                                             "for {} rows",
                                             which, x.labels.size(), x.rows()));
  const std::uint32_t highest = *std::max_element(x.labels.begin(), x.labels.end());
  if (highest >= classes)
    throw error(errc::bad_model,
                fmt::format("XGBoost needs labels below the number of classes {}, found {}", classes, highest));
}

class xgboost_classifier : public classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<xgboost_classifier>();
    copy->parameters_ = parameters_;
    return copy;
  }

  bool needs_validation() const override { return parameters_.early_stopping_rounds > 0; }

  void fit(const samples& train, const fit_context& context) override {
    check_values(train, train.width);
    check_trainable(train, context.classes, "training");
    const auto [lowest, highest] = std::minmax_element(train.labels.begin(), train.labels.end());
    if (*lowest == *highest)
      throw error(errc::bad_model, "XGBoost needs training rows of at least 2 classes, found 1");
    const matrix data(train, context.threads);
    std::unique_ptr<matrix> validation;
    if (needs_validation())
      validation = validation_matrix(train, context);

    std::vector<DMatrixHandle> matrices{data.get()};
    if (validation)
      matrices.push_back(validation->get());
    auto learnt = std::make_unique<booster>(matrices);
    configure(*learnt, context);
    boost(*learnt, data, validation.get(), context);
    booster_ = std::move(learnt);
  }

  std::vector<float> predict_proba(const samples& x, unsigned threads) const override {
    check_values(x, learnt().width());
    if (x.rows() == 0)
      return {};
    const matrix rows(x, threads);
    const std::lock_guard lock(predicting_); // the thread count is the booster's
    booster_->set("nthread", std::to_string(threads));
    return booster_->predict(rows);
  }

  std::vector<double> importance() const override {
    std::vector<double> result = learnt().total_gain();
    const double sum = std::accumulate(result.begin(), result.end(), 0.0);
    for (double& x : result)
      x = sum > 0 ? x / sum : 0;
    return result;
  }

  std::vector<std::string> save(const std::string& directory) const override {
    write_file(directory + "/" + file_name, learnt().to_json());
    return {file_name};
  }

  void load(const std::string& directory) override {
    const std::string path = directory + "/" + file_name;
    const std::string text = read_text(path, errc::bad_model);
    auto loaded = std::make_unique<booster>(std::span<const DMatrixHandle>{});
    try {
      loaded->set("verbosity", "0");
      loaded->from_json(text);
    } catch (const error& e) {
      throw error(errc::bad_model, path + ": must be a model that XGBoost can read: " + e.what());
    }
    booster_ = std::move(loaded);
  }

private:
  static constexpr const char* file_name = "xgboost.json";

  const booster& learnt() const {
    if (!booster_)
      throw error(errc::bad_model, "the XGBoost model must be trained or loaded first");
    return *booster_;
  }

  static std::unique_ptr<matrix> validation_matrix(const samples& train, const fit_context& context) {
    if (context.validation == nullptr)
      throw error(errc::bad_model, "models.xgboost.early_stopping_rounds needs validation rows, but there are none");
    check_values(*context.validation, train.width);
    check_trainable(*context.validation, context.classes, "validation");
    return std::make_unique<matrix>(*context.validation, context.threads);
  }

  void configure(booster& b, const fit_context& context) const {
    b.set("verbosity", "0");
    b.set("validate_parameters", "1");
    b.set("objective", "multi:softprob");
    b.set("eval_metric", "mlogloss");
    b.set("num_class", std::to_string(context.classes));
    b.set("nthread", std::to_string(context.threads));
    b.set("seed", std::to_string(context.seed));
    b.set("learning_rate", fmt::to_string(parameters_.learning_rate));
    b.set("max_depth", std::to_string(parameters_.max_depth));
    b.set("tree_method", parameters_.tree_method);
    if (parameters_.tree_method != "exact")
      b.set("max_bin", std::to_string(parameters_.max_bin));
    b.set("subsample", fmt::to_string(parameters_.subsample));
    b.set("colsample_bytree", fmt::to_string(parameters_.colsample_bytree));
    b.set("min_child_weight", fmt::to_string(parameters_.min_child_weight));
    b.set("reg_lambda", fmt::to_string(parameters_.reg_lambda));
    b.set("gamma", fmt::to_string(parameters_.gamma));
    if (!context.columns.empty())
      b.name_columns(context.columns);
  }

  void boost(booster& b, const matrix& data, const matrix* validation, const fit_context& context) const {
    double lowest_loss = std::numeric_limits<double>::infinity();
    std::uint32_t best_rounds = 0;
    for (std::uint32_t round = 0; round < parameters_.n_estimators; ++round) {
      if (context.cancel != nullptr && context.cancel->load())
        throw error(errc::internal, fmt::format("training was cancelled after {} rounds", round));
      b.update(round, data);
      if (validation == nullptr)
        continue;
      const double loss = b.evaluate(round, *validation);
      if (loss < lowest_loss) {
        lowest_loss = loss;
        best_rounds = round + 1;
      }
      if (round + 1 - best_rounds >= parameters_.early_stopping_rounds)
        break;
    }
    if (validation != nullptr)
      b.keep(best_rounds);
  }

  xgboost_parameters parameters_;
  std::unique_ptr<booster> booster_;
  mutable std::mutex predicting_;
};

} // namespace

std::unique_ptr<classifier> make_xgboost() { return std::make_unique<xgboost_classifier>(); }

std::string xgboost_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

} // namespace fugato
