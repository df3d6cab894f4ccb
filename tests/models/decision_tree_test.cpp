// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/decision_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace fugato;

namespace {

/// 50 rows of each value; the label is the value's index.
samples steps(const std::vector<float>& values) {
  samples x{1, {}, {}};
  for (std::uint32_t c = 0; c < values.size(); ++c) {
    x.values.insert(x.values.end(), 50, values[c]);
    x.labels.insert(x.labels.end(), 50, c);
  }
  return x;
}

decision_tree grown(const samples& x, tree_parameters parameters, std::uint32_t seed = 1) {
  const ranked_rows rows(x);
  return tree_grower(rows, parameters).grow(seed);
}

} // namespace

TEST_CASE("rows are ranked in each column, equal values alike") {
  const ranked_rows rows(samples{2, {5, 1, -3, 1, 5, 0.5F}, {0, 1, 0}});
  CHECK(rows.width() == 2);
  CHECK(rows.values == std::vector<std::vector<float>>{{-3, 5}, {0.5F, 1}});
  CHECK(rows.ranks == std::vector<std::uint32_t>{1, 0, 1, 1, 1, 0});
}

TEST_CASE("a tree splits half-way between two values, and its leaves are pure") {
  const decision_tree tree = grown(steps({1, 2}), {});
  REQUIRE(tree.nodes.size() == 3);
  CHECK(tree.nodes[0].column == 0);
  CHECK(tree.nodes[0].threshold == 1.5F);
  CHECK(tree.nodes[0].next == 1);
  CHECK(tree.nodes[1].column == tree_node::leaf);
  CHECK(tree.leaves == std::vector<float>{1, 0, 0, 1});
  CHECK(tree.importance == std::vector<double>{1});
}

TEST_CASE("where there is no float half-way, the threshold parts the two all the same") {
  const float two = 2;
  const float odd = std::nextafter(two, 3.0F);
  const float even = std::nextafter(odd, 3.0F);
  CHECK(grown(steps({two, odd}), {}).nodes[0].threshold == two);
  CHECK(grown(steps({odd, even}), {}).nodes[0].threshold == odd);
}

TEST_CASE("values that differ by no more than 1e-7 are not told apart") {
  CHECK(grown(steps({0, 0.9e-7F}), {}).nodes.size() == 1);
  CHECK(grown(steps({0, 1.1e-7F}), {}).nodes.size() == 3);
}

TEST_CASE("enough rows for the radix sort, with ranks of more than a byte, are sorted rightly") {
  // the labels change 3 times along the column: a tree needs 3 splits if it sees the rows in order
  samples x{1, {}, {}};
  for (std::uint32_t i = 0; i < 70000; ++i) {
    const std::uint32_t at = i * 7919 % 70000; // each number once, in disorder
    x.values.push_back(static_cast<float>(at));
    x.labels.push_back(at / 17500 % 2);
  }
  const decision_tree tree = grown(x, {});
  CHECK(tree.nodes.size() == 7);
  for (std::size_t i = 0; i < tree.leaves.size(); ++i)
    CHECK((tree.leaves[i] == 0 || tree.leaves[i] == 1));
}

TEST_CASE("a tree is no deeper than allowed, and a leaf holds no fewer rows than asked") {
  const samples x = steps({1, 2, 3, 4, 5, 6, 7, 8});
  for (const std::uint32_t depth : {1U, 2U, 3U}) {
    const decision_tree tree = grown(x, {.classes = 8, .max_depth = depth});
    CHECK(tree.nodes.size() <= (std::size_t{2} << depth) - 1);
    CHECK(tree.nodes.size() >= 2 * depth + 1);
  }
  // of 50 equal rows about 32 are drawn: a leaf of 60 needs two kinds
  const decision_tree tree = grown(x, {.classes = 8, .min_samples_leaf = 60});
  for (std::size_t i = 0; i < tree.leaves.size(); i += 8)
    CHECK(*std::max_element(tree.leaves.begin() + static_cast<std::ptrdiff_t>(i),
                            tree.leaves.begin() + static_cast<std::ptrdiff_t>(i + 8)) < 0.75F);
}

TEST_CASE("one grower grows a tree after another, each by its seed alone") {
  const samples x = steps({1, 2, 3, 4});
  const ranked_rows rows(x);
  const tree_parameters parameters{.classes = 4, .max_depth = 2};
  tree_grower grower(rows, parameters);
  grower.grow(1);
  const decision_tree second = grower.grow(2);
  const decision_tree alone = grown(x, parameters, 2);
  CHECK(second.leaves == alone.leaves);
  CHECK(second.importance == alone.importance);
  CHECK(second.nodes.size() == alone.nodes.size());
}
