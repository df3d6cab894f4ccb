// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

/// A multi-layer perceptron: fully connected layers, a ReLU after each but the
/// last, a softmax after that one. Its parameters lie in one vector: layer by layer,
/// the weights (inputs x outputs, row by row) and then the biases.
namespace fugato {

/// Units: inputs, each hidden layer's, classes.
using mlp_sizes = std::vector<std::uint32_t>;

/// How many parameters layers of these sizes have.
std::uint64_t mlp_parameter_count(const mlp_sizes& sizes);

/// Glorot and Bengio's: uniform in +-sqrt(6 / (inputs + outputs)) for weights and
/// biases; the very numbers that scikit-learn's MLPClassifier(random_state=seed) starts
/// from (with more than 2 classes: for 2 it has one logistic unit).
std::vector<double> mlp_initial_parameters(const mlp_sizes& sizes, std::uint32_t seed);

/// @returns rows x classes
std::vector<float> mlp_probabilities(const mlp_sizes& sizes, std::span<const float> parameters, const samples& x,
                                     unsigned threads);

/// What MLPClassifier minimises: the mean over the n rows of -log(probability of the
/// label), plus alpha / (2 n) times the sum of the squared weights (not biases).
/// Products are of floats, sums over rows of doubles. The rows are parted into a
/// fixed number of parts, whose sums are added in order: the number of threads changes nothing.
class mlp_loss {
public:
  /// @param cancel when set: the call throws error(internal); may be null
  mlp_loss(mlp_sizes sizes, const samples& train, double alpha, unsigned threads, const std::atomic<bool>* cancel);

  /// @returns the loss; writes its gradient. Both are as long as there are parameters.
  double operator()(std::span<const double> parameters, std::span<double> gradient) const;

private:
  /// Writes the gradient of the sum over a part's rows. @returns that sum
  double part(std::size_t index, std::span<const float> parameters, std::span<float> gradient) const;
  void check_cancelled() const;

  mlp_sizes sizes_;
  const samples& train_;
  double alpha_;
  unsigned threads_;
  const std::atomic<bool>* cancel_;
};

} // namespace fugato
