// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/in_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

TEST_CASE("things come out in the order of their numbers, each as soon as it can") {
  std::vector<int> out;
  fugato::in_order<int> order([&out](int&& x) { out.push_back(x); });
  order.put(1, 11);
  CHECK(out.empty());
  order.put(0, 10);
  CHECK(out == std::vector<int>{10, 11});
  order.put(2, 12);
  CHECK(out.back() == 12);
  CHECK(order.done() == 3);
}

TEST_CASE("every order comes out as one") {
  std::vector<std::uint32_t> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0U);
  const auto sorted = numbers;
  std::mt19937 dice{3};
  for (int round = 0; round < 20; ++round) {
    std::shuffle(numbers.begin(), numbers.end(), dice);
    std::vector<std::uint32_t> out;
    fugato::in_order<std::uint32_t> order([&out](std::uint32_t&& x) { out.push_back(x); });
    for (std::uint32_t i : numbers)
      order.put(i, std::uint32_t{i});
    CHECK(out == sorted);
  }
}
