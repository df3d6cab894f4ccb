// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/libsvm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace fugato;

TEST_CASE("two rows, one a class, make a machine that can be written down") {
  // coefficients +-a with a = min(C, 1 / (1 - K(x, y))), and intercept 0 by symmetry
  const samples rows{1, {0, 2}, {0, 1}};
  const double kernel = std::exp(-0.25 * 4);
  for (const double c : {0.5, 100.0}) {
    const auto pairs = libsvm::solve(rows, {{0}, {1}}, {c, 0.25, 1e-6}, {});
    REQUIRE(pairs.size() == 1);
    REQUIRE(pairs[0].coefficients.size() == 2);
    const double expected = std::min(c, 1 / (1 - kernel));
    CHECK(pairs[0].coefficients[0].first == 0);
    CHECK(pairs[0].coefficients[0].second == doctest::Approx(expected));
    CHECK(pairs[0].coefficients[1].first == 1);
    CHECK(pairs[0].coefficients[1].second == doctest::Approx(-expected));
    CHECK(pairs[0].intercept == doctest::Approx(0));
  }
}

TEST_CASE("pairs come in the order of the first class, then the second, and keep to their rows") {
  const samples rows{1, {0, 1, 5, 6, 10, 11}, {0, 0, 1, 1, 2, 2}};
  const std::vector<std::vector<std::uint32_t>> rows_of{{0, 1}, {2, 3}, {4, 5}};
  const auto pairs = libsvm::solve(rows, rows_of, {}, {});
  REQUIRE(pairs.size() == 3);
  const std::vector<std::pair<std::size_t, std::size_t>> expected{{0, 1}, {0, 2}, {1, 2}};
  for (std::size_t p = 0; p < 3; ++p)
    for (const auto& [row, coefficient] : pairs[p].coefficients)
      CHECK(rows.labels[row] == (coefficient > 0 ? expected[p].first : expected[p].second));
}

TEST_CASE("libsvm's version has two numbers") { CHECK(libsvm::version().starts_with("3.")); }
