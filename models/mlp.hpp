// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>

namespace fugato {

/// A multi-layer perceptron (models/mlp_network.hpp) trained by L-BFGS (models/lbfgs.hpp):
/// scikit-learn's MLPClassifier(solver="lbfgs") with its loss, initialisation and
/// stopping rules, but for the precision: products of floats instead of doubles; and
/// two classes have two units and a softmax where scikit-learn has one logistic unit.
/// Saves `mlp.npy`, float32 matrices behind one another: the sizes, then each layer's
/// weights and biases. Equal bytes for equal data, parameters and seed, whatever the thread count.
std::unique_ptr<classifier> make_mlp();

} // namespace fugato
