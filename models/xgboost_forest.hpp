// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>

namespace fugato {

/// XGBoost's random forest (Python's XGBRFClassifier): one round that grows all
/// trees side by side, each from a share of the rows, drawn without replacement, and
/// with a share of the columns at each split. Unlike `random-forest`'s, its trees
/// fit the gradient of the log loss, and their mean gives the log-odds. Otherwise
/// as `make_xgboost`. A cancelled fit stops when the round is done, no sooner:
/// XGBoost cannot be interrupted within one.
std::unique_ptr<classifier> make_xgboost_forest();

} // namespace fugato
