// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/mlp_network.hpp"

#include "tests/models/blobs.hpp"

#include <Eigen/Core>
#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

samples blob_samples() {
  const dataset t = blobs({.classes = 3, .width = 5});
  return {t.width(), t.values, t.labels};
}

} // namespace

TEST_CASE("parameters are a weight for each pair of units and a bias for each unit but the inputs") {
  CHECK(mlp_parameter_count({57, 5000, 10, 10}) == 57 * 5000 + 5000 + 5000 * 10 + 10 + 10 * 10 + 10);
  CHECK(mlp_parameter_count({4294967295, 4294967295}) == 18446744069414584320U);
}

TEST_CASE("the initial parameters are scikit-learn's") {
  // r = numpy.random.RandomState(1); b = sqrt(6 / (2 + 3)); r.uniform(-b, b, (2, 3)), r.uniform(-b, b, 3), ...
  const std::vector<double> x = mlp_initial_parameters({2, 3, 2}, 1);
  REQUIRE(x.size() == 17);
  CHECK(x[0] == doctest::Approx(-0.18179568).epsilon(1e-7));
  CHECK(x[1] == doctest::Approx(0.48270678).epsilon(1e-7));
  CHECK(x[8] == doctest::Approx(-0.22617113).epsilon(1e-7)); // a bias
  CHECK(x[9] == doctest::Approx(0.0850432).epsilon(1e-7));   // of the next layer
}

TEST_CASE("the gradient is the loss's slope") {
  const samples x = blob_samples();
  const mlp_sizes sizes{5, 7, 4, 3};
  const mlp_loss loss(sizes, x, 0.5, 1, nullptr);
  std::vector<double> at = mlp_initial_parameters(sizes, 3);
  std::vector<double> gradient(at.size());
  std::vector<double> unused(at.size());
  loss(at, gradient);
  double largest = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double here = at[i];
    constexpr double step = 1e-3; // small beside the ReLUs' kinks, large beside the floats' roundings
    at[i] = here + step;
    const double above = loss(at, unused);
    at[i] = here - step;
    const double below = loss(at, unused);
    at[i] = here;
    CHECK(std::abs(gradient[i] - (above - below) / (2 * step)) < 0.002);
    largest = std::max(largest, std::abs(gradient[i]));
  }
  CHECK(largest > 0.1);
}

TEST_CASE("alpha adds half the squared weights, not the biases, over the rows") {
  const samples x = blob_samples();
  const mlp_sizes sizes{5, 3};
  std::vector<double> at(18, 0.0);
  at[15] = at[16] = at[17] = 2; // equal biases alone leave each class a third
  std::vector<double> gradient(18);
  CHECK(mlp_loss(sizes, x, 6, 1, nullptr)(at, gradient) == doctest::Approx(std::log(3.0)).epsilon(1e-6));
  at[0] = 1e-3;
  const double without = mlp_loss(sizes, x, 0, 1, nullptr)(at, gradient);
  const double with = mlp_loss(sizes, x, 6e6, 1, nullptr)(at, gradient);
  CHECK(with - without == doctest::Approx(3e6 * 1e-6 / static_cast<double>(x.rows())));
}

TEST_CASE("loss, gradient and probabilities are the same bits for any number of threads") {
  const samples x = blob_samples();
  const mlp_sizes sizes{5, 70, 3};
  const std::vector<double> at = mlp_initial_parameters(sizes, 3);
  const std::vector<float> rounded(at.begin(), at.end());
  std::vector<double> expected(at.size());
  const double loss = mlp_loss(sizes, x, 1, 1, nullptr)(at, expected);
  for (const unsigned threads : {2U, 3U, 20U}) {
    std::vector<double> gradient(at.size());
    CHECK(mlp_loss(sizes, x, 1, threads, nullptr)(at, gradient) == loss);
    CHECK(gradient == expected);
    CHECK(mlp_probabilities(sizes, rounded, x, threads) == mlp_probabilities(sizes, rounded, x, 1));
  }
}

TEST_CASE("loss and gradient are the same bits whatever caches the processor has") {
  const samples x = blob_samples();
  const mlp_sizes sizes{5, 1500, 1200, 3};
  const std::vector<double> at = mlp_initial_parameters(sizes, 3);
  const auto evaluate = [&](std::ptrdiff_t l1, std::ptrdiff_t l2, std::ptrdiff_t l3) {
    Eigen::setCpuCacheSizes(l1, l2, l3);
    std::vector<double> result(at.size());
    result.push_back(mlp_loss(sizes, x, 1, 1, nullptr)(at, result));
    return result;
  };
  const auto l1 = static_cast<std::ptrdiff_t>(Eigen::l1CacheSize());
  const auto l2 = static_cast<std::ptrdiff_t>(Eigen::l2CacheSize());
  const auto l3 = static_cast<std::ptrdiff_t>(Eigen::l3CacheSize());
  const auto here = evaluate(l1, l2, l3);
  CHECK(evaluate(16 << 10, 128 << 10, 128 << 10) == here);
  CHECK(evaluate(128 << 10, 4 << 20, 64 << 20) == here);
  Eigen::setCpuCacheSizes(l1, l2, l3);
}
