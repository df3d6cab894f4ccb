// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/numpy_random.hpp"

#include <doctest/doctest.h>

using namespace fugato;

using numbers = std::vector<std::uint32_t>;

// expected: numpy 1.24.2, np.random.RandomState(seed).permutation(n)

TEST_CASE("permutations are numpy's") {
  CHECK(numpy_random(42).permutation(10) == numbers{8, 1, 5, 0, 7, 2, 9, 4, 3, 6});
  CHECK(numpy_random(0).permutation(10) == numbers{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
  CHECK(numpy_random(4294967295).permutation(10) == numbers{6, 9, 5, 1, 8, 0, 7, 4, 2, 3});
}

TEST_CASE("a long permutation is numpy's") {
  numbers start = numpy_random(7).permutation(1000);
  start.resize(12);
  CHECK(start == numbers{778, 334, 271, 802, 216, 408, 812, 94, 487, 170, 24, 242});
}

TEST_CASE("a second permutation of the same generator is numpy's") {
  numpy_random random(1);
  CHECK(random.permutation(5) == numbers{2, 1, 4, 0, 3});
  CHECK(random.permutation(5) == numbers{0, 2, 4, 3, 1});
}

TEST_CASE("uniform numbers are numpy's") {
  numpy_random random(42); // np.random.RandomState(42).random_sample(2)
  CHECK(random.uniform() == 0.3745401188473625);
  CHECK(random.uniform() == 0.9507143064099162);
}

TEST_CASE("nothing and a single thing can be permuted") {
  CHECK(numpy_random(1).permutation(0).empty());
  CHECK(numpy_random(1).permutation(1) == numbers{0});
}
