// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/mlp_network.hpp"

#include "config/error.hpp"
#include "models/matrix.hpp"
#include "models/numpy_random.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace fugato {
namespace {

using float_matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using const_rows = Eigen::Map<const float_matrix>;

/// Rows that go through the layers together: few enough that what the layers make of them stays in the cache.
constexpr std::size_t block = 64;
/// Of a product's rows Eigen takes so many at once, and adds up single ones left over in another order.
constexpr std::size_t together = 8;
/// Parts of the rows whose gradients are summed by themselves: as many threads find work.
constexpr std::size_t parts = 16;

std::size_t first_row_of(std::size_t part, std::size_t rows) { return rows * part / parts; }

const_rows rows_of(const samples& x, std::size_t first, std::size_t count) {
  return {x.values.data() + first * x.width, index(count), index(x.width)};
}

/// A layer's place in the vector of all parameters; of `float` or `const float`.
template <class T>
struct layer {
  template <class M>
  using map = Eigen::Map<std::conditional_t<std::is_const_v<T>, const M, M>>;

  map<float_matrix> weights; ///< inputs x outputs
  map<Eigen::RowVectorXf> biases;
};

template <class T>
std::vector<layer<T>> layers_of(const mlp_sizes& sizes, std::span<T> parameters) {
  std::vector<layer<T>> result;
  T* at = parameters.data();
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    const Eigen::Index inputs = sizes[l];
    const Eigen::Index outputs = sizes[l + 1];
    result.push_back({{at, inputs, outputs}, {at + inputs * outputs, outputs}});
    at += (inputs + 1) * outputs;
  }
  return result;
}

/// out = a b. Eigen would cut long sums into pieces that suit the processor's caches;
/// cut into shorter ones here, they are added in the same order everywhere.
template <class A, class B>
void multiply(const A& a, const B& b, float_matrix& out) {
  constexpr Eigen::Index piece = 256;
  out.setZero(a.rows(), b.cols());
  for (Eigen::Index k = 0; k < a.cols(); k += piece) {
    const Eigen::Index size = std::min(piece, a.cols() - k);
    out.noalias() += a.middleCols(k, size) * b.middleRows(k, size);
  }
}

/// Each row is worked on at a place of its own: where Eigen begins with vectors, and with it the last bit,
/// depends on the place in memory.
void softmax(float_matrix& scores) {
  Eigen::Array<float, 1, Eigen::Dynamic> row(scores.cols());
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    row = scores.row(i);
    row = (row - row.maxCoeff()).exp();
    row /= row.sum();
    scores.row(i) = row;
  }
}

/// Fills in what each layer makes of the rows; the last one: probabilities.
void forward(const std::vector<layer<const float>>& layers, const const_rows& x, std::vector<float_matrix>& outputs) {
  outputs.resize(layers.size());
  for (std::size_t l = 0; l < layers.size(); ++l) {
    float_matrix& out = outputs[l];
    if (l == 0)
      multiply(x, layers[l].weights, out);
    else
      multiply(outputs[l - 1], layers[l].weights, out);
    const bool hidden = l + 1 < layers.size();
    for (Eigen::Index i = 0; i < out.rows(); ++i) {
      out.row(i) += layers[l].biases;
      if (hidden)
        out.row(i) = out.row(i).cwiseMax(0.0F);
    }
  }
  softmax(outputs.back());
}

/// Adds the gradient of the rows' summed loss. @param delta of the scores before the softmax
void backward(const std::vector<layer<const float>>& layers, const const_rows& x,
              const std::vector<float_matrix>& outputs, float_matrix& delta, std::vector<layer<float>>& gradient) {
  float_matrix before;
  for (std::size_t l = layers.size(); l-- > 0;) {
    for (Eigen::Index i = 0; i < delta.rows(); ++i)
      gradient[l].biases += delta.row(i);
    if (l == 0) {
      gradient[l].weights.noalias() += x.transpose() * delta;
      return;
    }
    const float_matrix& input = outputs[l - 1];
    gradient[l].weights.noalias() += input.transpose() * delta;
    multiply(delta, layers[l].weights.transpose(), before);
    std::transform(input.data(), input.data() + input.size(), before.data(), before.data(),
                   [](float unit, float slope) { return unit > 0 ? slope : 0.0F; }); // the ReLU's slope
    delta.swap(before);
  }
}

} // namespace

std::uint64_t mlp_parameter_count(const mlp_sizes& sizes) {
  std::uint64_t count = 0;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l)
    count += (std::uint64_t{sizes[l]} + 1) * sizes[l + 1];
  return count;
}

std::vector<double> mlp_initial_parameters(const mlp_sizes& sizes, std::uint32_t seed) {
  numpy_random random(seed);
  std::vector<double> result;
  result.reserve(mlp_parameter_count(sizes));
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    const double bound = std::sqrt(6.0 / (double{1} * sizes[l] + sizes[l + 1]));
    for (std::uint64_t i = 0; i < (std::uint64_t{sizes[l]} + 1) * sizes[l + 1]; ++i)
      result.push_back(-bound + 2 * bound * random.uniform());
  }
  return result;
}

std::vector<float> mlp_probabilities(const mlp_sizes& sizes, std::span<const float> parameters, const samples& x,
                                     unsigned threads) {
  const auto layers = layers_of(sizes, parameters);
  const std::size_t classes = sizes.back();
  std::vector<float> result(x.rows() * classes);
  const auto make_worker = [&]() -> worker {
    return [&, outputs = std::vector<float_matrix>(), some = samples{x.width, {}, {}}](std::size_t job) mutable {
      const std::size_t first = job * block;
      const std::size_t rows = std::min(block, x.rows() - first);
      if (rows % together == 0)
        forward(layers, rows_of(x, first, rows), outputs);
      else { // rows of zeros make the last ones as many as the others
        const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(first * x.width);
        some.values.assign(begin, begin + static_cast<std::ptrdiff_t>(rows * x.width));
        some.values.resize((rows + together - 1) / together * together * x.width, 0.0F);
        forward(layers, rows_of(some, 0, some.rows()), outputs);
      }
      std::copy_n(outputs.back().data(), rows * classes, result.data() + first * classes);
    };
  };
  share_out((x.rows() + block - 1) / block, threads, make_worker);
  return result;
}

mlp_loss::mlp_loss(mlp_sizes sizes, const samples& train, double alpha, unsigned threads,
                   const std::atomic<bool>* cancel)
    : sizes_(std::move(sizes)), train_(train), alpha_(alpha), threads_(threads), cancel_(cancel) {}

double mlp_loss::operator()(std::span<const double> parameters, std::span<double> gradient) const {
  const std::vector<float> rounded(parameters.begin(), parameters.end());
  std::vector<std::vector<float>> gradients(parts);
  std::vector<double> losses(parts, 0.0);
  share_out(parts, threads_, [&]() -> worker {
    return [&](std::size_t p) {
      gradients[p].assign(parameters.size(), 0.0F);
      losses[p] = part(p, rounded, gradients[p]);
    };
  });

  const auto n = static_cast<double>(train_.rows());
  double loss = 0;
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t p = 0; p < parts; ++p) {
    loss += losses[p];
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] += static_cast<double>(gradients[p][i]);
  }
  double squares = 0;
  std::size_t at = 0;
  for (std::size_t l = 0; l + 1 < sizes_.size(); ++l) {
    const std::size_t biases = at + std::size_t{sizes_[l]} * sizes_[l + 1];
    for (; at < biases; ++at) {
      squares += parameters[at] * parameters[at];
      gradient[at] += alpha_ * parameters[at];
    }
    at += sizes_[l + 1];
  }
  for (double& x : gradient)
    x /= n;
  return (loss + alpha_ * squares / 2) / n;
}

double mlp_loss::part(std::size_t p, std::span<const float> parameters, std::span<float> gradient) const {
  const auto layers = layers_of(sizes_, parameters);
  auto gradient_layers = layers_of(sizes_, gradient);
  const std::size_t end = first_row_of(p + 1, train_.rows());
  std::vector<float_matrix> outputs;
  float_matrix delta;
  double loss = 0;
  for (std::size_t first = first_row_of(p, train_.rows()); first < end; first += block) {
    check_cancelled();
    const const_rows x = rows_of(train_, first, std::min(block, end - first));
    forward(layers, x, outputs);
    delta.swap(outputs.back());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      float& of_label = delta(i, train_.labels[first + static_cast<std::size_t>(i)]);
      // scikit-learn clips at the double's epsilon
      loss -= std::log(std::max(static_cast<double>(of_label), std::numeric_limits<double>::epsilon()));
      of_label -= 1;
    }
    backward(layers, x, outputs, delta, gradient_layers);
  }
  return loss;
}

void mlp_loss::check_cancelled() const {
  if (cancel_ != nullptr && cancel_->load())
    throw error(errc::internal, "training was cancelled");
}

} // namespace fugato
