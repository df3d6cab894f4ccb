// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/correlation.hpp"

#include "models/any_table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace fugato;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

std::vector<std::vector<double>> columns_of_file() {
  const any_table t = read_any_table(std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv");
  std::vector<std::vector<double>> result;
  for (std::size_t i = 0; i < 5; ++i)
    result.push_back(t.columns[i].values);
  return result;
}

} // namespace

TEST_CASE("correlations are pandas 1.5.3's") {
  const auto columns = columns_of_file();
  const std::vector<double> r = correlations(columns);
  const std::vector<double> expected{
      1.0, 0.18321428935499195,  0.9999561148632942,   -0.20413728009360976, 0.020614399887471227, 0.18321428935499195,
      1.0, 0.1826745359782297,   -0.9772408666559239,  -0.07046772309781128, 0.9999561148632942,   0.1826745359782297,
      1.0, -0.20327627130353002, 0.023378413779777573, -0.20413728009360976, -0.9772408666559239,  -0.20327627130353002,
      1.0, 0.049709708296190216, 0.020614399887471227, -0.07046772309781128, 0.023378413779777573, 0.049709708296190216,
      1.0};
  REQUIRE(r.size() == expected.size());
  for (std::size_t i = 0; i < r.size(); ++i)
    CHECK(r[i] == doctest::Approx(expected[i]).epsilon(1e-12));
}

TEST_CASE("the order is that of scipy 1.10.1's average linkage") {
  const std::vector<double> r = correlations(columns_of_file());
  CHECK(clustered_order(r, 5) == std::vector<std::size_t>{4, 0, 2, 1, 3});
}

TEST_CASE("rows with a gap count for the other pairs") {
  const std::vector<std::vector<double>> x{
      {1, 2, 3, 4}, {2, 4, 6, gap}, {4, 3, gap, 1}, {7, 7, 7, 7}, {gap, gap, 1, gap}};
  const std::vector<double> r = correlations(x);
  CHECK(r[0 * 5 + 1] == doctest::Approx(1));
  CHECK(r[1 * 5 + 0] == doctest::Approx(1));
  CHECK(r[0 * 5 + 2] == doctest::Approx(-1));
  CHECK(r[1 * 5 + 2] == doctest::Approx(-1)); // of two rows
  CHECK(r[1 * 5 + 1] == 1);
  CHECK(std::isnan(r[0 * 5 + 3]));
  CHECK(std::isnan(r[3 * 5 + 3]));
  CHECK(std::isnan(r[0 * 5 + 4]));
  CHECK(clustered_order(r, 5).size() == 5);
}

TEST_CASE("large offsets do not drown what varies") {
  const std::vector<std::vector<double>> x{{1e9 + 1, 1e9 + 2, 1e9 + 3}, {5, 3, 1}};
  CHECK(correlations(x)[1] == doctest::Approx(-1).epsilon(1e-9));
}

TEST_CASE("of nothing and of one there is an order") {
  CHECK(clustered_order({}, 0).empty());
  CHECK(clustered_order(std::vector<double>{1}, 1) == std::vector<std::size_t>{0});
}
