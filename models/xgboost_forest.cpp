// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_forest.hpp"

#include "models/xgboost_classifier.hpp"

#include <fmt/format.h>

namespace fugato {
namespace {

struct forest_parameters {
  std::uint32_t n_estimators = 100;
  xgboost_tree_parameters trees{.learning_rate = 1, .subsample = 0.8, .reg_lambda = 1e-5};
  double colsample_bynode = 0.8;
};

void describe(visitor& v, forest_parameters& x) {
  v("n_estimators", x.n_estimators, between{1, 100000}, "trees of each class");
  describe(v, x.trees);
  v("colsample_bynode", x.colsample_bynode, between{0.01, 1}, "share of the columns that each split may be made by");
}

class parallel_trees : public xgboost_classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<parallel_trees>();
    copy->parameters_ = parameters_;
    return copy;
  }

private:
  const xgboost_tree_parameters& trees() const override { return parameters_.trees; }
  xgboost_api::parameters own_parameters() const override {
    return {{"num_parallel_tree", std::to_string(parameters_.n_estimators)},
            {"colsample_bynode", fmt::to_string(parameters_.colsample_bynode)}};
  }
  std::uint32_t rounds() const override { return 1; }

  forest_parameters parameters_;
};

} // namespace

std::unique_ptr<classifier> make_xgboost_forest() { return std::make_unique<parallel_trees>(); }

} // namespace fugato
