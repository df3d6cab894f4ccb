// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <memory>

namespace fugato {

/// Support vector machines with the kernel K(x, y) = exp(-gamma |x - y|^2), one for
/// each pair of classes a < b, learnt by libsvm as by sklearn.svm.SVC. A pair votes for
/// a when its decision value d(a, b) = sum coefficient K(vector, x) + intercept is
/// greater than 0, else for b. With s(c) the sum of d over c's pairs, signed so that it
/// speaks for c, the score of a class is sklearn's decision_function(shape "ovr"),
///   score(c) = votes(c) + s(c) / (3 (|s(c)| + 1)),   p(c) = exp(score(c)) / sum exp(score)
/// so that more votes are always more probable. Of classes that share the most votes
/// the lowest is chosen, as by SVC.predict: each of them gets the highest of their
/// scores, unless `break_ties` is set. These are no calibrated probabilities; libsvm's
/// own cost seven fits, and disagree with its votes.
/// A fit can be cancelled between two pairs. Saves `svm.npy`: the matrices vectors, labels,
/// coefficients (vector x other class of the pair), intercepts, classes that occurred (the
/// labels count these), number of classes, gamma.
std::unique_ptr<classifier> make_svm();

} // namespace fugato
