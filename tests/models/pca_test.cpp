// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pca.hpp"

#include "models/any_table.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

void check_equal(const std::vector<double>& x, const std::vector<double>& expected, double epsilon = 1e-10) {
  REQUIRE(x.size() == expected.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(x[i] == doctest::Approx(expected[i]).epsilon(epsilon));
}

} // namespace

TEST_CASE("components are those of numpy 1.24.2's eigh of the correlation matrix") {
  const any_table t = read_any_table(std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv");
  std::vector<std::vector<double>> columns;
  for (std::size_t i = 0; i < 5; ++i)
    columns.push_back(t.columns[i].values);
  const principal_components x = find_components(columns, 2);
  check_equal(x.explained, {0.47530000845141657, 0.3226118178852887, 0.1976149033990192, 0.0044656083825770415,
                            7.661881698470299e-06});
  check_equal(x.weights,
              {0.5058976995533137, 0.4894697328373323, 0.5055747741640254, -0.4981548603345715, -0.026884588091586895,
               -0.4910054034657471, 0.5069170100826634, -0.4916665117648209, -0.4923457898714476, -0.13344850340549197},
              1e-9);
  REQUIRE(x.places.size() == 48);
  CHECK(x.places[0] == doctest::Approx(0.8620170997801487).epsilon(1e-9));
  CHECK(x.places[1] == doctest::Approx(0.7942287771003813).epsilon(1e-9));
}

TEST_CASE("columns that are one and the same make one component") {
  const std::vector<std::vector<double>> x{{1, 2, 4}, {10, 20, 40}, {-2, -4, -8}};
  const principal_components found = find_components(x, 5);
  CHECK(found.kept == 3);
  CHECK(found.explained[0] == doctest::Approx(1));
  CHECK(std::abs(found.weights[0]) == doctest::Approx(1 / std::sqrt(3.0)));
}
