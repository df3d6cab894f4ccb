// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_check.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <vector>

namespace fugato {
namespace {

using nlohmann::json;

class model_check {
public:
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
    const std::uint64_t parallel = number(parameters, "num_parallel_tree", at);
    must(parallel >= 1, at, "grow at least one tree a class and round");
    must(!trees.empty() && trees.size() % (classes_ * parallel) == 0, at,
         "have num_parallel_tree trees for each class in each round");
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

} // namespace

void check_xgboost_model(const std::string& text) {
  try {
    model_check::run(text);
  } catch (const json::exception& e) {
    throw error(errc::bad_model, e.what());
  }
}

} // namespace fugato
