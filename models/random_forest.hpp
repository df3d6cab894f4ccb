// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>

namespace fugato {

/// Many CART trees (Breiman, Random Forests, 2001), each grown on a bootstrap sample
/// of the rows and choosing each split from a few columns drawn at random:
///   p(c) = mean over the trees of the share of class c in the leaf that the row falls into
/// It is the forest of sklearn.ensemble.RandomForestClassifier(criterion="gini") of
/// version 1.2, tree by tree, for the same seed as random_state. `importance` is the
/// mean decrease of impurity (feature_importances_). Saves `random-forest.npy`: the
/// matrices roots, columns, thresholds, next nodes, leaves, importance (see tree_node).
std::unique_ptr<classifier> make_random_forest();

} // namespace fugato
