// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/checks.hpp"

#include "tests/errors.hpp"

#include <limits>

using namespace fugato;

TEST_CASE("rows that a model cannot take are refused with a sentence") {
  const samples good{2, {1, 2, 3, 4}, {0, 1}};
  check_trainable(good, 2, "it");
  const auto why = [](const samples& x, std::uint32_t classes) {
    return sentence(errc::bad_model, [&] { check_trainable(x, classes, "it"); });
  };
  CHECK(why(good, 1) == "it needs labels below the number of classes 1, found 1");
  CHECK(why(good, 65537) == "it takes at most 65536 classes, found 65537");
  CHECK(why({2, {1, 2, 3, 4}, {1, 1}}, 2) == "it needs training rows of at least 2 classes, found 1");
  CHECK(why({2, {1, 2, 3, 4}, {1}}, 2) ==
        "it needs a label for each of at least one training row, found 1 labels for 2 rows");
  CHECK(why({2, {}, {}}, 2) == "it needs a label for each of at least one training row, found 0 labels for 0 rows");
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(why({2, {1, 2, 3, infinity}, {0, 1}}, 2) == "it needs finite values, found inf in row 1, column 1 (from 0)");
  CHECK(sentence(errc::bad_model, [&] { check_rows(good, 3, "it"); }) == "it needs rows of 3 columns, found 2");
}
