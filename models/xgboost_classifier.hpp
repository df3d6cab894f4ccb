// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"
#include "models/collective.hpp"
#include "models/xgboost_api.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace fugato {

/// Hyper-parameters that all models of XGBoost's trees have.
struct xgboost_tree_parameters {
  double learning_rate = 0.3;
  std::uint32_t max_depth = 6;
  std::string tree_method = "hist";
  std::uint32_t max_bin = 256;
  double subsample = 1;
  double min_child_weight = 1;
  double reg_lambda = 1;
  double gamma = 0;
};

void describe(visitor& v, xgboost_tree_parameters& x);

/// What the models of XGBoost's trees have in common: all but their parameters.
/// Saves `xgboost.json`, which `xgboost.Booster(model_file=...)` of Python loads too.
class xgboost_classifier : public classifier, public collective_learner {
public:
  void fit(const samples& train, const fit_context& context) final;
  collective_learner* collective() final { return this; }
  void check_collective() const final;
  /// XGBoost's own collective: `hist` or `approx`, whose histograms are summed over the ranks.
  std::string fit_together(const samples& shard, const fit_context& context, const rank_job& job) const final;
  void adopt(const std::string& model) final;
  bool needs_validation() const final { return early_stopping_rounds() > 0; }
  std::vector<float> predict_proba(const samples& x, unsigned threads) const final;
  /// Each column's share of the total gain of all splits.
  std::vector<double> importance() const final;
  std::vector<std::string> save(const std::string& directory) const final;
  void load(const std::string& directory) final;

private:
  virtual const xgboost_tree_parameters& trees() const = 0;
  /// XGBoost's names and values of the parameters that only this model has.
  virtual xgboost_api::parameters own_parameters() const = 0;
  virtual std::uint32_t rounds() const = 0;
  /// 0: never stops early.
  virtual std::uint32_t early_stopping_rounds() const { return 0; }

  xgboost_api::parameters all_parameters(const fit_context& context) const;
  const xgboost_api::booster& learnt() const;

  std::unique_ptr<xgboost_api::booster> booster_;
  mutable std::mutex predicting_;
};

} // namespace fugato
