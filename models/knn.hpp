// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>

namespace fugato {

/// The k nearest neighbours by Euclidean distance, each with one vote:
///   p(c) = (neighbours of class c) / k
/// as sklearn.neighbors.KNeighborsClassifier(algorithm="brute"). Of training rows
/// that are equally far, those that come first in the training data are nearer.
/// Saves `knn.npy`: the matrices rows, labels, number of classes.
std::unique_ptr<classifier> make_knn();

} // namespace fugato
