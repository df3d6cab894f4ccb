// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/shared_library.hpp"
#include "models/classifier.hpp"

#include <xgboost/c_api.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// XGBoost's C interface with owners for its handles and exceptions for its
/// return codes. Only for the .cpp files of the XGBoost models.
namespace fugato::xgboost_api {

/// Loaded when it is first needed.
const shared_library& library();

/// A function of it.
#define FUGATO_XGBOOST(f) FUGATO_FROM(::fugato::xgboost_api::library, f)

/// @throws error(bad_model) with the library's message unless @p status is 0.
void check(int status);

/// Rows as XGBoost wants them; the values are copied. One matrix serves one
/// booster only: shared between threads, `exact` learns wrong models from it.
class matrix {
public:
  matrix(const samples& rows, unsigned threads);
  ~matrix();
  matrix(const matrix&) = delete;
  matrix& operator=(const matrix&) = delete;

  DMatrixHandle get() const { return handle_; }

private:
  DMatrixHandle handle_ = nullptr;
};

/// XGBoost's own names of parameters, and values. It ignores those that it does not know.
using parameters = std::vector<std::pair<std::string, std::string>>;

class booster {
public:
  /// @param matrices that it will learn from or be evaluated on again and again
  explicit booster(std::span<const DMatrixHandle> matrices);
  ~booster();
  booster(const booster&) = delete;
  booster& operator=(const booster&) = delete;

  void set(const char* parameter, const std::string& value);
  /// Characters that Python's XGBoost forbids in names, `[ ] <`, become `_`.
  void name_columns(const std::vector<std::string>& columns);
  void update(std::uint32_t round, const matrix& train);
  /// Value of the evaluation metric on some rows after a round.
  double evaluate(std::uint32_t round, const matrix& rows);
  /// Keeps the first rounds only.
  void keep(std::uint32_t rounds);
  std::vector<float> predict(const matrix& rows);
  std::size_t width() const;
  /// Sum of the gains of all splits by each column.
  std::vector<double> total_gain() const;
  std::string to_json() const;
  void from_json(std::string_view text);
  /// How many rounds it was boosted, those of a model it goes on from included.
  std::uint32_t rounds() const;

private:
  BoosterHandle handle_ = nullptr;
};

/// What `boost` learns from, and how.
struct boosting {
  const matrix& train;
  parameters settings;
  std::uint32_t rounds = 0;              ///< in all, those of `initial` included
  std::vector<std::string> columns = {}; ///< names to store; may be empty
  const matrix* evaluated = nullptr;     ///< what `watch` evaluates the booster on, if anything
  std::string_view initial = {};         ///< a model, as of `booster::to_json`, to go on from; empty: none
};

/// Is told before the first round and after each how many rounds are done. @returns whether
/// to go on; may save or evaluate the booster, or throw.
using watch = std::function<bool(booster& learnt, std::uint32_t done)>;

/// Boosts round by round. To go on from a model gives the very model that boosting
/// without a stop gives, unless rows or columns are drawn at random: XGBoost does not
/// save the state of its generator, not even with seed_per_iteration.
std::unique_ptr<booster> boost(const boosting& job, const watch& each_round);

} // namespace fugato::xgboost_api
