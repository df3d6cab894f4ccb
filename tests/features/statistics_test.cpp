// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/catalog.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

using namespace fugato;

TEST_CASE("every statistic of 1, 2, 3, 6 is what it is on paper") {
  const std::vector<float> x{1, 2, 3, 6};
  const std::map<std::string_view, double> expected{{"mean", 3}, {"var", 3.5}, {"std", std::sqrt(3.5)}};
  for (const statistic& s : statistics()) {
    CAPTURE(s.name);
    REQUIRE(expected.contains(s.name));
    CHECK(s.reduce(x) == doctest::Approx(expected.at(s.name)));
  }
  CHECK(statistics().size() == expected.size());
}

TEST_CASE("one value is its own mean and has no spread") {
  const std::vector<float> x{-7};
  CHECK(statistics().at("mean").reduce(x) == -7);
  CHECK(statistics().at("var").reduce(x) == 0);
  CHECK(statistics().at("std").reduce(x) == 0);
}

TEST_CASE("statistics do not lose a small spread around a large mean") {
  std::vector<float> x(100000, 4096);
  for (std::size_t i = 0; i < x.size(); i += 2)
    x[i] = 4096.5f;
  CHECK(statistics().at("mean").reduce(x) == 4096.25f);
  CHECK(statistics().at("var").reduce(x) == 0.0625f);
}
