// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "config/describe.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Standardised rows; labels are 0 .. classes-1, empty when there are none.
struct samples {
  std::size_t width = 0;
  std::vector<float> values; ///< row-major
  std::vector<std::uint32_t> labels;

  std::size_t rows() const { return width == 0 ? 0 : values.size() / width; }
};

/// What a fit may use besides its data.
struct fit_context {
  std::uint32_t classes = 0;
  unsigned threads = 1; ///< never exceeded
  std::uint64_t seed = 0;
  std::vector<std::string> columns;    ///< feature names, for models that store them
  const samples* validation = nullptr; ///< for early stopping
  /// Told after each step of many; may be empty.
  std::function<void(std::uint32_t done, std::uint32_t of)> tell;
  const std::atomic<bool>* cancel = nullptr; ///< set: stop soon, throw error(internal)
};

class collective_learner;

/// A model: hyper-parameters, and after `fit` or `load` what was learnt. The
/// same data, parameters and seed give the same model for any thread count.
class classifier {
public:
  virtual ~classifier() = default;

  /// The hyper-parameters, as in the section `models.<name>` of the settings.
  virtual void describe_parameters(visitor& v) = 0;
  /// A copy of the parameters, untrained.
  virtual std::unique_ptr<classifier> clone() const = 0;

  /// @throws error(bad_model) when the data cannot be learnt from.
  virtual void fit(const samples& train, const fit_context& context) = 0;

  /// Whether `fit` needs `fit_context::validation`, with these parameters.
  virtual bool needs_validation() const { return false; }

  /// This model as one that ranks can learn together; null for those that cannot.
  virtual collective_learner* collective() { return nullptr; }
  const collective_learner* collective() const { return const_cast<classifier*>(this)->collective(); }

  /// rows x classes, each row sums to 1. May be called by several threads at once.
  /// @throws error(bad_model) when nothing was learnt or the width differs from the training's.
  virtual std::vector<float> predict_proba(const samples& x, unsigned threads) const = 0;

  /// Each column's share of what the model goes by, summing to 1; empty for
  /// models that do not tell.
  virtual std::vector<double> importance() const { return {}; }

  /// Writes what was learnt into files of the folder @p directory; `load` reads them.
  /// @returns the names of the files. @throws error(output); `load` error(bad_model).
  virtual std::vector<std::string> save(const std::string& directory) const = 0;
  virtual void load(const std::string& directory) = 0;
};

/// One row of the model catalog.
struct model {
  std::string_view name;
  std::string_view summary;
  std::string_view reference; ///< the scikit-learn / XGBoost class it follows
  std::unique_ptr<classifier> (*make)();
  /// Roughly the CPU time of learning from 7000 rows x 57 columns with the defaults [s]: of many
  /// trainings side by side, those that take longest are begun first.
  double effort;
};

const catalog<model>& models();

} // namespace fugato
