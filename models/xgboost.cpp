// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost.hpp"

#include "models/xgboost_classifier.hpp"

#include <fmt/format.h>

namespace fugato {
namespace {

struct xgboost_parameters {
  std::uint32_t n_estimators = 1000;
  xgboost_tree_parameters trees{.learning_rate = 0.05};
  double colsample_bytree = 1;
  std::uint32_t early_stopping_rounds = 0;
};

void describe(visitor& v, xgboost_parameters& x) {
  v("n_estimators", x.n_estimators, between{1, 100000}, "boosting rounds; each grows one tree a class");
  describe(v, x.trees);
  v("colsample_bytree", x.colsample_bytree, between{0.01, 1}, "share of the columns that each tree may split by");
  v("early_stopping_rounds", x.early_stopping_rounds, between{0, 100000},
    "stop after so many rounds without a lower log loss on a fifth of the training tracks, which is not learnt from, "
    "and keep the best round; 0: never");
}

class boosted_trees : public xgboost_classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<boosted_trees>();
    copy->parameters_ = parameters_;
    return copy;
  }

private:
  const xgboost_tree_parameters& trees() const override { return parameters_.trees; }
  xgboost_api::parameters own_parameters() const override {
    return {{"colsample_bytree", fmt::to_string(parameters_.colsample_bytree)}};
  }
  std::uint32_t rounds() const override { return parameters_.n_estimators; }
  std::uint32_t early_stopping_rounds() const override { return parameters_.early_stopping_rounds; }

  xgboost_parameters parameters_;
};

} // namespace

std::unique_ptr<classifier> make_xgboost() { return std::make_unique<boosted_trees>(); }

std::string xgboost_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  FUGATO_XGBOOST(XGBoostVersion)(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

} // namespace fugato
