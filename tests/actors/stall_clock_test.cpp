// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/stall_clock.hpp"

#include <doctest/doctest.h>

using namespace fugato;
using namespace std::chrono_literals;

TEST_CASE("a clock that is read often is a clock") {
  const stall_clock::time start{100s};
  stall_clock clock{start};
  CHECK(clock.read(start + 30s) == 30'000'000); // before it was read first nothing is missing
  CHECK(clock.read(start + 30s + 200ms) == 30'200'000);
  CHECK(clock.read(start + 32s + 5us) == 32'000'005);
}

TEST_CASE("time in which it was not read does not count, and it does not go back") {
  const stall_clock::time start{100s};
  stall_clock clock{start};
  CHECK(clock.read(start + 1s) == 1'000'000);
  CHECK(clock.read(start + 601s) == 1'000'000);
  CHECK(clock.read(start + 602s) == 2'000'000);
  CHECK(clock.read(start + 900s) == 2'000'000);
  CHECK(clock.read(start + 901s + 1us) == 3'000'001);
}
