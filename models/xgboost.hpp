// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>
#include <string>

namespace fugato {

/// Gradient-boosted trees of XGBoost with the objective multi:softprob. Saves
/// `xgboost.json`, which `xgboost.Booster(model_file=...)` of Python loads too.
/// Equal bytes for equal data, parameters and seed, whatever the thread count.
/// `importance` is each column's share of the total gain.
std::unique_ptr<classifier> make_xgboost();

/// Of the library that is linked, e.g. "1.7.4".
std::string xgboost_version();

} // namespace fugato
