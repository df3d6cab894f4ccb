// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

/// XGBoost trusts the indices in a model, so that a changed file could make it read
/// or write anywhere: a model is checked before XGBoost sees it. Accepted are trees
/// for the objective multi:softprob, boosted or parallel, in XGBoost's own JSON.
/// @throws error(bad_model) with the JSON pointer of what is wrong
void check_xgboost_model(const std::string& text);

} // namespace fugato
