// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_dice.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace fugato::demo;

TEST_CASE("FNV-1a gives its authors' values") {
  CHECK(fnv1a("") == 0x811c9dc5);
  CHECK(fnv1a("a") == 0xe40c292c);
  CHECK(fnv1a("foobar") == 0xbf9cf968);
}

TEST_CASE("dice draw what std::mt19937 gives, the same on every machine") {
  dice luck("blues/0");
  std::mt19937 engine(fnv1a("blues/0"));
  for (int i = 0; i < 100; ++i)
    CHECK(luck.unit() == static_cast<double>(engine()) / 4294967296.0);
}

TEST_CASE("draws stay in their range and reach all of it") {
  dice luck("range");
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) {
    const double x = luck.between(-2, 3);
    CHECK(x >= -2);
    CHECK(x < 3);
    seen.insert(luck.whole(-1, 2));
  }
  CHECK(seen == std::set<int>{-1, 0, 1, 2});
  CHECK_FALSE(luck.chance(0));
  CHECK(luck.chance(1));
}
