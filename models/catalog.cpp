// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/classifier.hpp"
#include "models/xgboost.hpp"

namespace fugato {

const catalog<model>& models() {
  static const catalog<model> rows(
      "model", {
                   {"xgboost", "Gradient-boosted decision trees.", "xgboost.XGBClassifier", make_xgboost},
               });
  return rows;
}

} // namespace fugato
