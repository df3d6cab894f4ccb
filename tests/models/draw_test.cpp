// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/draw.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace fugato;

namespace {

using numbers = std::vector<std::uint32_t>;

/// Of 4 classes: 7, 11, 5 and 3.
const numbers classes{2, 0, 1, 1, 0, 2, 2, 1, 3, 0, 1, 1, 2, 0, 3, 1, 0, 1, 3, 1, 0, 2, 1, 1, 0, 1};

numbers chosen(const std::vector<bool>& is_test) {
  numbers result;
  for (std::uint32_t i = 0; i < is_test.size(); ++i)
    if (is_test[i])
      result.push_back(i);
  return result;
}

} // namespace

TEST_CASE("a stratified choice is scikit-learn's") {
  // scikit-learn 1.2.1: train_test_split(range(26), test_size=.3, random_state=42, stratify=classes)[1], sorted
  CHECK(chosen(draw_stratified(classes, {0.3, 42, "rows"})) == numbers{5, 7, 11, 13, 14, 17, 21, 24});
  CHECK(chosen(draw_stratified(classes, {0.25, 7, "rows"})) == numbers{4, 8, 12, 16, 19, 22, 23});
  CHECK(chosen(draw_stratified(classes, {0.4, 3, "rows"})) == numbers{0, 1, 2, 4, 7, 9, 10, 15, 18, 21, 22});
}

TEST_CASE("stratified folds are scikit-learn's") {
  // scikit-learn 1.2.1: the test fold of each by StratifiedKFold(4, shuffle=True, random_state=42).split(classes,
  // classes)
  CHECK(draw_folds(classes, 4, 42, "rows") ==
        numbers{0, 3, 0, 2, 0, 3, 1, 3, 0, 2, 0, 2, 0, 1, 3, 1, 1, 0, 1, 1, 3, 2, 1, 2, 2, 3});
  CHECK(draw_folds(classes, 3, 1, "rows") ==
        numbers{1, 1, 0, 2, 2, 0, 2, 0, 2, 2, 0, 2, 0, 2, 1, 1, 0, 2, 0, 1, 1, 1, 0, 1, 0, 1});
}

TEST_CASE("folds differ by at most one thing, also within a class") {
  for (std::uint32_t folds = 2; folds < 9; ++folds) {
    const numbers fold = draw_folds(classes, folds, 5, "rows");
    for (std::uint32_t k = 0; k < 5; ++k) { // each class, then all
      numbers sizes(folds, 0);
      for (std::size_t i = 0; i < fold.size(); ++i)
        sizes[fold[i]] += k == 4 || classes[i] == k ? 1 : 0;
      const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
      CHECK(*most - *least <= 1);
    }
  }
}

TEST_CASE("what cannot be drawn is an error that says why") {
  CHECK(sentence(errc::bad_table,
                 [] {
                   draw(1, {0.3, 0, "tracks"});
                 }) ==
        "a split needs tracks on both sides; with 1 tracks and split.test_size = 0.3, 0 are left to learn from and 1 "
        "to test with");
  CHECK(sentence(errc::bad_table,
                 [] {
                   draw_stratified(numbers{0, 0, 0, 1}, {0.5, 0, "tracks"});
                 }) ==
        "a stratified split needs at least 2 tracks of each class and as many tracks on each side as classes; "
        "found 2 classes, the smallest of 1 tracks, and 2 tracks to learn from and 2 to test with");
  CHECK(sentence(errc::bad_table, [] { draw_stratified(numbers{0, 0, 1, 1}, {0.2, 0, "rows"}); }) != "no error");
  CHECK(sentence(errc::bad_table, [] { draw_stratified(numbers{}, {0.2, 0, "rows"}); }) != "no error");
  CHECK(sentence(errc::bad_table, [] {
          draw_folds(numbers{0, 1, 0}, 4, 0, "tracks");
        }) == "4 folds need at least as many tracks, found 3");
}
