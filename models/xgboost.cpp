// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "config/read_text.hpp"
#include "models/xgboost_api.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
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

using nlohmann::json;

/// XGBoost trusts the indices in a model, so that a changed file could make it read
/// or write anywhere: a model is checked before XGBoost sees it.
class model_check {
public:
  /// @throws error(bad_model) with the JSON pointer of what is wrong; json::exception
  static void run(const std::string& text) {
    // anything else, even a blank before, XGBoost takes for one of its binary formats
    must(text.starts_with("{\""), "", "be JSON that begins with {\"");
    const json whole = parsed(text);
    model_check().learner(whole.at("learner"));
  }

private:
  static void must(bool holds, std::string_view at, std::string_view what) {
    if (!holds)
      throw error(errc::bad_model, fmt::format("/learner{} must {}", at, what));
  }

  /// XGBoost's parser recurses, and need not choose as ours among equal keys.
  static json parsed(const std::string& text) {
    constexpr int max_depth = 16;
    std::vector<std::set<std::string>> keys;
    const auto look = [&](int depth, json::parse_event_t event, json& value) {
      must(depth <= max_depth, "", "not be nested deeper than 16 levels");
      if (event == json::parse_event_t::object_start)
        keys.emplace_back();
      else if (event == json::parse_event_t::object_end)
        keys.pop_back();
      else if (event == json::parse_event_t::key)
        must(keys.back().insert(value.get_ref<const std::string&>()).second, "", "not have a key twice");
      return true;
    };
    return json::parse(text, look);
  }

  /// XGBoost writes the numbers of its parameters as strings.
  static std::uint32_t number(const json& section, const char* key, const std::string& at) {
    const auto& digits = section.at(key).get_ref<const std::string&>();
    std::uint32_t value = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    must(status == std::errc{} && end == digits.data() + digits.size() && value <= max_index, at + "/" + key,
         "be a whole number");
    return value;
  }

  void learner(const json& x) {
    const json& parameters = x.at("learner_model_param");
    classes_ = number(parameters, "num_class", "/learner_model_param");
    features_ = number(parameters, "num_feature", "/learner_model_param");
    must(classes_ >= 2 && features_ >= 1, "/learner_model_param", "have at least 2 classes and 1 feature");
    const json& objective = x.at("objective");
    must(objective.at("name") == "multi:softprob", "/objective/name", "be multi:softprob");
    const char* section = "softmax_multiclass_param";
    must(number(objective.at(section), "num_class", "/objective") == classes_, "/objective", "have the same num_class");
    const json& booster = x.at("gradient_booster");
    must(booster.at("name") == "gbtree", "/gradient_booster/name", "be gbtree");
    forest(booster.at("model"));
  }

  void forest(const json& x) const {
    const std::string at = "/gradient_booster/model";
    const auto& trees = x.at("trees").get_ref<const json::array_t&>();
    const auto& owners = x.at("tree_info").get_ref<const json::array_t&>();
    const json& parameters = x.at("gbtree_model_param");
    must(number(parameters, "num_trees", at) == trees.size() && owners.size() == trees.size(), at,
         "have num_trees trees and entries of tree_info");
    must(number(parameters, "num_parallel_tree", at) == 1, at, "grow one tree a class and round");
    must(!trees.empty() && trees.size() % classes_ == 0, at, "have a tree for each class in each round");
    for (std::size_t i = 0; i < trees.size(); ++i) {
      must(in_range(owners[i], 0, classes_ - 1), at + "/tree_info", "hold numbers below num_class");
      const std::string here = fmt::format("{}/trees/{}", at, i);
      must(in_range(trees[i].at("id"), 0, max_index) && trees[i].at("id") == i, here + "/id", "count the trees");
      tree(trees[i], here);
    }
  }

  void tree(const json& x, const std::string& at) const {
    const json& parameters = x.at("tree_param");
    const std::uint32_t nodes = number(parameters, "num_nodes", at);
    must(nodes >= 1, at, "have nodes");
    must(number(parameters, "num_feature", at) == features_, at, "have the model's num_feature");
    must(number(parameters, "size_leaf_vector", at) <= 1, at, "have one number a leaf");
    for (const char* key : {"base_weights", "loss_changes", "split_conditions", "sum_hessian", "default_left",
                            "left_children", "right_children", "parents", "split_indices", "split_type"})
      numbers(x.at(key), nodes, at + "/" + key);
    for (const char* key : {"categories", "categories_nodes", "categories_segments", "categories_sizes"})
      must(x.at(key) == json::array(), at + "/" + key, "be empty, for no feature is categorical");
    nodes_of(x, nodes, at);
  }

  static void numbers(const json& x, std::size_t size, const std::string& at) {
    must(x.is_array() && x.size() == size &&
             std::all_of(x.begin(), x.end(), [](const json& y) { return y.is_number() || y.is_boolean(); }),
         at, "be a list with a number for each node");
  }

  /// Children come after their parents, so that each walk down a tree ends.
  void nodes_of(const json& x, std::uint32_t nodes, const std::string& at) const {
    const json& lefts = x.at("left_children");
    const json& rights = x.at("right_children");
    const json& parents = x.at("parents");
    const json& features = x.at("split_indices");
    const json& types = x.at("split_type");
    const json& defaults = x.at("default_left");
    for (std::uint32_t i = 0; i < nodes; ++i) {
      const json& left = lefts[i];
      const json& right = rights[i];
      const bool leaf = is(left, -1) && is(right, -1);
      must(leaf || (in_range(left, i + 1, nodes - 1) && in_range(right, i + 1, nodes - 1) && left != right), at,
           "have children that are two later nodes, or -1 twice");
      // the root has no parent; nodes that were pruned have no feature, but are leaves
      must(in_range(parents[i], 0, i == 0 ? max_index : i - 1), at, "have parents that are earlier nodes");
      must(in_range(features[i], 0, leaf ? max_index : features_ - 1), at, "have split_indices below num_feature");
      must(is(types[i], 0), at, "have a split_type of 0, for no feature is categorical");
      must(defaults[i].is_boolean() || in_range(defaults[i], 0, 1), at, "have default_left of 0 or 1");
    }
  }

  static bool is(const json& x, int value) { return x.is_number_integer() && x == value; }
  static bool in_range(const json& x, std::uint32_t low, std::uint32_t high) {
    return x.is_number_integer() && x >= low && x <= high;
  }

  static constexpr std::uint32_t max_index = 0x7FFFFFFF;
  std::uint32_t classes_ = 0;
  std::uint32_t features_ = 0;
};

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
      model_check::run(text);
      loaded->set("verbosity", "0");
      loaded->from_json(text);
    } catch (const error& e) {
      throw error(errc::bad_model, path + ": must be a model that XGBoost can read: " + e.what());
    } catch (const json::exception& e) {
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
      if (context.tell)
        context.tell(round + 1, parameters_.n_estimators);
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
