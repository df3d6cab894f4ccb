// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lbfgs.hpp"

#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <thread>

using namespace fugato;

namespace {

/// Rosenbrock's valley in pairs of variables; its minimum is 0 at (1, 1, ...).
double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    const double a = x[i + 1] - x[i] * x[i];
    const double b = 1 - x[i];
    value += 100 * a * a + b * b;
    gradient[i] = -400 * a * x[i] - 2 * b;
    gradient[i + 1] = 200 * a;
  }
  return value;
}

} // namespace

TEST_CASE("the minimum of a curved valley is found in scipy's number of steps") {
  // scipy 1.10: minimize(method="L-BFGS-B", jac=True, options={"gtol": 1e-4}): nit 36, nfev 44
  std::vector<double> x(10);
  for (std::size_t i = 0; i < x.size(); i += 2) {
    x[i] = -1.2;
    x[i + 1] = 1;
  }
  std::uint32_t told = 0;
  const lbfgs_result found = minimise(x, rosenbrock, {}, [&](std::uint32_t done) { CHECK(done == ++told); });
  CHECK(found.value < 1e-8);
  for (const double xi : x)
    CHECK(xi == doctest::Approx(1).epsilon(1e-4));
  CHECK(found.iterations == 36);
  CHECK(found.evaluations == 44);
  CHECK(told == found.iterations);
}

TEST_CASE("it stops at the limit of iterations, of evaluations, and of the gradient") {
  const std::vector<double> start{-1.2, 1};
  const auto found = [&](const lbfgs_limits& limits) {
    auto x = start;
    return minimise(x, rosenbrock, limits);
  };
  CHECK(found({.iterations = 5}).iterations == 5);
  const lbfgs_result few = found({.evaluations = 7});
  CHECK(few.evaluations >= 8);
  CHECK(few.evaluations < 20);
  CHECK(found({.gradient = 1e6}).iterations == 0);
}

TEST_CASE("what the function throws passes through") {
  std::vector<double> x(2, 0.0);
  CHECK_THROWS_WITH(minimise(x, [](auto, auto) -> double { throw std::runtime_error("no more"); }, {}), "no more");
}

TEST_CASE("a function without a finite value ends the search") {
  std::vector<double> x(2, 1.0);
  const lbfgs_result found = minimise(x,
                                      [](auto, std::span<double> gradient) {
                                        gradient[0] = gradient[1] = std::nan("");
                                        return std::nan("");
                                      },
                                      {});
  CHECK_FALSE(std::isfinite(found.value));
}

TEST_CASE("two searches side by side do not disturb each other") {
  const std::vector<double> start{-1.2, 1, 0.5, 2};
  auto alone = start;
  minimise(alone, rosenbrock, {});
  std::vector<std::vector<double>> results(4, start);
  std::vector<std::thread> threads;
  for (auto& x : results)
    threads.emplace_back([&x, &start] {
      for (int i = 0; i < 50; ++i) {
        x = start;
        minimise(x, rosenbrock, {});
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  for (const auto& x : results)
    CHECK(x == alone);
}

TEST_CASE("a vector without variables is refused") {
  std::vector<double> none;
  CHECK(sentence(errc::internal, [&] { minimise(none, rosenbrock, {}); }) ==
        "L-BFGS takes 1 to 50000000 variables, found 0");
}
