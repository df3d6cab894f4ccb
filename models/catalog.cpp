// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/classifier.hpp"
#include "models/knn.hpp"
#include "models/mlp.hpp"
#include "models/random_forest.hpp"
#include "models/svm.hpp"
#include "models/xgboost.hpp"
#include "models/xgboost_forest.hpp"

namespace fugato {

const catalog<model>& models() {
  static const catalog<model> rows(
      "model",
      {
          {"knn", "Votes of the nearest training rows.", "sklearn.neighbors.KNeighborsClassifier", make_knn, 0.1},
          {"svm", "Support vector machines with an RBF kernel, one a pair of classes.", "sklearn.svm.SVC", make_svm, 3},
          {"random-forest", "Decision trees on random samples of rows and columns, averaged.",
           "sklearn.ensemble.RandomForestClassifier", make_random_forest, 7},
          {"mlp", "Multi-layer perceptron, trained by L-BFGS.", "sklearn.neural_network.MLPClassifier", make_mlp, 80},
          {"xgboost", "Gradient-boosted decision trees.", "xgboost.XGBClassifier", make_xgboost, 60},
          {"xgboost-forest", "Random forest of XGBoost's trees.", "xgboost.XGBRFClassifier", make_xgboost_forest, 13},
      });
  return rows;
}

} // namespace fugato
