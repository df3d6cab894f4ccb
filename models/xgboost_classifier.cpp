// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_classifier.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "config/read_text.hpp"
#include "models/checks.hpp"
#include "models/xgboost_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

namespace fugato {
namespace {

using xgboost_api::booster;
using xgboost_api::matrix;

constexpr std::string_view who = "the XGBoost model";
constexpr const char* file_name = "xgboost.json";

std::unique_ptr<matrix> validation_matrix(const samples& train, const fit_context& context) {
  if (context.validation == nullptr)
    throw error(errc::bad_model, "models.xgboost.early_stopping_rounds needs validation rows, but there are none");
  const samples& x = *context.validation;
  check_rows(x, train.width, who);
  if (x.rows() == 0 || x.labels.size() != x.rows() ||
      *std::max_element(x.labels.begin(), x.labels.end()) >= context.classes)
    throw error(errc::bad_model, fmt::format("{} needs a label below {} for each of at least one validation row, found "
                                             "{} labels for {} rows",
                                             who, context.classes, x.labels.size(), x.rows()));
  return std::make_unique<matrix>(*context.validation, context.threads);
}

/// Looks for the round with the lowest loss on rows that are not learnt from.
class early_stopping {
public:
  early_stopping(const matrix& validation, std::uint32_t patience) : validation_(validation), patience_(patience) {}

  /// @returns whether it is worth going on
  bool after(std::uint32_t rounds, booster& learnt) {
    const double loss = learnt.evaluate(rounds - 1, validation_);
    if (loss < lowest_loss_) {
      lowest_loss_ = loss;
      best_rounds_ = rounds;
    }
    return rounds - best_rounds_ < patience_;
  }

  std::uint32_t best_rounds() const { return best_rounds_; }

private:
  const matrix& validation_;
  std::uint32_t patience_;
  double lowest_loss_ = std::numeric_limits<double>::infinity();
  std::uint32_t best_rounds_ = 0;
};

} // namespace

void describe(visitor& v, xgboost_tree_parameters& x) {
  v("learning_rate", x.learning_rate, between{1e-6, 1}, "factor on each tree's contribution");
  v("max_depth", x.max_depth, between{1, 32}, "most splits from a tree's root to a leaf");
  v("tree_method", x.tree_method, one_of{{"hist", "exact", "approx"}},
    "how splits are searched: in histograms made once, among all values (on 2094 rows x 57 columns three times the "
    "time of hist, hardly more accurate), or in histograms made each round");
  v("max_bin", x.max_bin, between{2, 65536},
    "bins of a column's histogram; not used by exact (on 7000 rows x 57 columns 64 bins took less than half the time "
    "of 256, no "
    "less accurate)");
  v("subsample", x.subsample, between{0.01, 1}, "share of the rows that each round learns from");
  v("min_child_weight", x.min_child_weight, between{0, 1e9}, "least sum of Hessians that a leaf must hold");
  v("reg_lambda", x.reg_lambda, between{0, 1e9}, "L2 penalty on the leaves' values");
  v("gamma", x.gamma, between{0, 1e9}, "least gain that a split must bring");
}

xgboost_api::parameters xgboost_classifier::all_parameters(const fit_context& context) const {
  const xgboost_tree_parameters& x = trees();
  xgboost_api::parameters result{
      {"verbosity", "0"},
      {"objective", "multi:softprob"},
      {"eval_metric", "mlogloss"},
      {"num_class", std::to_string(context.classes)},
      {"nthread", std::to_string(context.threads)},
      {"seed", std::to_string(context.seed)},
      {"learning_rate", fmt::to_string(x.learning_rate)},
      {"max_depth", std::to_string(x.max_depth)},
      {"tree_method", x.tree_method},
      {"subsample", fmt::to_string(x.subsample)},
      {"min_child_weight", fmt::to_string(x.min_child_weight)},
      {"reg_lambda", fmt::to_string(x.reg_lambda)},
      {"gamma", fmt::to_string(x.gamma)},
  };
  if (x.tree_method != "exact") // which does not know it
    result.emplace_back("max_bin", std::to_string(x.max_bin));
  for (auto& parameter : own_parameters())
    result.push_back(std::move(parameter));
  return result;
}

void xgboost_classifier::fit(const samples& train, const fit_context& context) {
  check_trainable(train, context.classes, who);
  const matrix data(train, context.threads);
  std::unique_ptr<matrix> validation;
  std::unique_ptr<early_stopping> stopping;
  xgboost_api::boosting job{data, all_parameters(context), rounds()};
  job.columns = context.columns;
  if (needs_validation()) {
    validation = validation_matrix(train, context);
    stopping = std::make_unique<early_stopping>(*validation, early_stopping_rounds());
    job.evaluated = validation.get();
  }
  auto learnt = xgboost_api::boost(job, [&](booster& b, std::uint32_t done) {
    if (done > 0 && context.tell)
      context.tell(done, rounds());
    if (done < rounds() && context.cancel != nullptr && context.cancel->load())
      throw error(errc::internal, fmt::format("training was cancelled after {} rounds", done));
    return done == 0 || !stopping || stopping->after(done, b);
  });
  if (stopping)
    learnt->keep(stopping->best_rounds());
  booster_ = std::move(learnt);
}

std::vector<float> xgboost_classifier::predict_proba(const samples& x, unsigned threads) const {
  check_rows(x, learnt().width(), who);
  if (x.rows() == 0)
    return {};
  const matrix rows(x, threads);
  const std::lock_guard lock(predicting_); // the thread count is the booster's
  booster_->set("nthread", std::to_string(threads));
  return booster_->predict(rows);
}

std::vector<double> xgboost_classifier::importance() const {
  std::vector<double> result = learnt().total_gain();
  const double sum = std::accumulate(result.begin(), result.end(), 0.0);
  for (double& x : result)
    x = sum > 0 ? x / sum : 0;
  return result;
}

std::vector<std::string> xgboost_classifier::save(const std::string& directory) const {
  write_file(directory + "/" + file_name, learnt().to_json());
  return {file_name};
}

void xgboost_classifier::load(const std::string& directory) {
  const std::string path = directory + "/" + file_name;
  const std::string text = read_text(path, errc::bad_model);
  try {
    adopt(text);
  } catch (const error& e) {
    throw error(errc::bad_model, path + ": must be a model that XGBoost can read: " + e.what());
  }
}

void xgboost_classifier::adopt(const std::string& model) {
  check_xgboost_model(model);
  auto loaded = std::make_unique<booster>(std::span<const DMatrixHandle>{});
  loaded->set("verbosity", "0");
  loaded->from_json(model);
  booster_ = std::move(loaded);
}

const booster& xgboost_classifier::learnt() const {
  if (!booster_)
    throw error(errc::bad_model, fmt::format("{} must be trained or loaded first", who));
  return *booster_;
}

} // namespace fugato
