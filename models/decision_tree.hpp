// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"
#include "models/numpy_random.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// Rows as trees see them: each value by its rank in its column.
struct ranked_rows {
  explicit ranked_rows(const samples& x);

  std::size_t rows;
  std::vector<std::vector<float>> values; ///< per column: the distinct values, ascending
  std::vector<std::uint32_t> ranks;       ///< column by column, rows x columns: index into the column's values
  std::vector<std::uint32_t> labels;

  std::size_t width() const { return values.size(); }
  const std::uint32_t* column(std::size_t j) const { return ranks.data() + j * rows; }
};

struct tree_parameters {
  std::uint32_t classes = 2;
  std::uint32_t max_depth = 10;
  std::uint32_t max_features = 1;     ///< columns that a node chooses from
  std::uint32_t min_samples_leaf = 1; ///< rows, each counted once however often it was drawn
};

/// A node sends rows with x[column] <= threshold to the node `next`, all others to
/// the one after it. A leaf has no column; `next` is its row among the leaves.
struct tree_node {
  static constexpr std::uint32_t leaf = 0xFFFFFFFF;

  std::uint32_t column = leaf;
  float threshold = 0;
  std::uint32_t next = 0;
};

struct decision_tree {
  std::vector<tree_node> nodes;   ///< the root first, children after their parents
  std::vector<float> leaves;      ///< leaves x classes: shares of the classes
  std::vector<double> importance; ///< of each column: its decrease of impurity; the sum is 1, or 0 without a split
};

/// Grows CART trees on bootstrap samples with the Gini impurity 1 - sum p(c)^2, each
/// the very tree that sklearn.tree.DecisionTreeClassifier(splitter="best") of
/// version 1.2 grows as a part of a forest: it draws the same random numbers, and
/// judges the same splits in the same order. One grower serves one thread.
class tree_grower {
public:
  /// Both must outlive the grower.
  tree_grower(const ranked_rows& rows, const tree_parameters& parameters);

  /// @param seed what scikit-learn calls the tree's random_state
  decision_tree grow(std::uint32_t seed);

private:
  /// A node that is yet to be made a split or a leaf: its rows are sample_[begin, end).
  struct open_node {
    std::size_t node;
    std::size_t begin;
    std::size_t end;
    std::uint32_t depth;
    std::size_t constants; ///< known ones, at the front of columns_
  };

  struct split {
    std::uint32_t column = tree_node::leaf;
    std::uint32_t rank = 0; ///< rows up to it go left
    float threshold = 0;
    double score = 0;
    double impurity = 0; ///< of the children, weighted
  };

  void draw_sample(std::uint32_t seed);
  void count(const open_node& at);
  split best_split(open_node& at);
  bool sort_by(std::uint32_t column, const open_node& at);
  void radix_sort(std::size_t count, std::uint32_t highest_rank);
  void judge(std::uint32_t column, std::size_t size, split& best);
  std::size_t part(const open_node& at, const split& by);
  std::uint32_t draw_below(std::uint32_t bound);

  const ranked_rows& rows_;
  const tree_parameters& parameters_;
  std::uint32_t random_ = 0;
  std::vector<std::uint32_t> sample_;    ///< distinct rows
  std::vector<std::uint32_t> set_aside_; ///< while parting
  std::vector<std::uint64_t> payload_;   ///< of a row: class and how often it was drawn
  std::vector<std::uint64_t> keys_;      ///< of a node's rows: rank, class, how often
  std::vector<std::uint64_t> sorted_;
  std::vector<std::uint32_t> columns_;   ///< a permutation, see best_split
  std::vector<std::uint32_t> constants_; ///< columns that are constant on the way to the current node
  std::vector<std::int64_t> counts_;     ///< of the node, per class
  std::vector<std::int64_t> left_;       ///< of its left part
  std::int64_t weight_ = 0;              ///< of the node: how many rows were drawn
  std::int64_t squares_ = 0;             ///< sum of counts_ squared
};

} // namespace fugato
