// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/classifier.hpp"
#include "models/split.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// A classifier's hyper-parameters as a section of settings.
struct hyper_parameters {
  classifier& of;
};

void describe(visitor& v, hyper_parameters& x);

/// The hyper-parameters of every model of the catalog: the section `models`,
/// with a section of each model's name.
class model_settings {
public:
  model_settings();
  model_settings(const model_settings& other);
  model_settings(model_settings&&) noexcept = default;
  model_settings& operator=(model_settings other) noexcept;
  ~model_settings() = default;

  /// The untrained prototype with the parameters. @throws error(settings) for an unknown name.
  classifier& at(std::string_view name);
  const classifier& at(std::string_view name) const;

private:
  std::vector<std::unique_ptr<classifier>> prototypes_; ///< in the order of the catalog
};

void describe(visitor& v, model_settings& x);

/// What is trained, and on what.
struct train_settings {
  std::string model = "xgboost"; ///< row of the catalog
  std::uint64_t seed = 0;
  split_settings split = {};
  std::string policy = "local"; ///< row of the catalog of train_policy.hpp
  std::uint32_t threads = 0;    ///< of a model that is learnt in one process; 0: as many as dispatch.workers
  std::uint32_t ranks = 0;      ///< that learn together; 0: as many as dispatch.workers
  std::uint32_t chunk_rows = 1; ///< consecutive rows that a rank is dealt at a time
  std::uint32_t checkpoint_rounds = 50;
  double timeout_seconds = 60; ///< for ranks to find each other, and to answer each other
  std::uint32_t attempts = 3;
};

void describe(visitor& v, train_settings& x);

} // namespace fugato
