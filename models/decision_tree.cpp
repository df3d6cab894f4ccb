// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/decision_tree.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace fugato {
namespace {

/// Values that differ by no more are equal for a split.
constexpr float equal_values = 1e-7F;

/// numpy draws from [0, this] where scikit-learn says randint(0, 2^31 - 1).
constexpr std::uint32_t highest_seed = 0x7FFFFFFE;

// a key: rank, class and count of a row, from the highest bits to the lowest; a row is
// drawn once on average, and 2^16 times with a probability of less than 1 / (2^16)!
std::uint32_t rank_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32U); }
std::uint32_t class_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 16U) & 0xFFFFU; }
std::uint32_t count_of(std::uint64_t key) { return static_cast<std::uint32_t>(key) & 0xFFFFU; }

/// count (1 - sum p^2), where sum p^2 = squares / count^2; rounded as in scikit-learn.
double weighted_gini(std::int64_t squares, std::int64_t count) {
  const auto n = static_cast<double>(count);
  return n * (1.0 - static_cast<double>(squares) / (n * n));
}

/// Half-way, in double as in scikit-learn, then the greatest float that is not
/// above: it parts floats just so.
float threshold_between(float low, float high) {
  const double middle = static_cast<double>(low) / 2 + static_cast<double>(high) / 2;
  if (middle == static_cast<double>(high))
    return low;
  const auto rounded = static_cast<float>(middle);
  return static_cast<double>(rounded) <= middle ? rounded
                                                : std::nextafter(rounded, -std::numeric_limits<float>::infinity());
}

} // namespace

ranked_rows::ranked_rows(const samples& x) : rows(x.rows()), values(x.width), ranks(x.values.size()), labels(x.labels) {
  for (std::size_t j = 0; j < x.width; ++j) {
    std::vector<float>& distinct = values[j];
    distinct.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
      distinct[i] = x.values[i * x.width + j];
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (std::size_t i = 0; i < rows; ++i) {
      const auto at = std::lower_bound(distinct.begin(), distinct.end(), x.values[i * x.width + j]);
      ranks[j * rows + i] = static_cast<std::uint32_t>(at - distinct.begin());
    }
  }
}

tree_grower::tree_grower(const ranked_rows& rows, const tree_parameters& parameters)
    : rows_(rows),
      parameters_(parameters),
      set_aside_(rows.rows),
      payload_(rows.rows),
      keys_(rows.rows),
      sorted_(rows.rows),
      columns_(rows.width()),
      constants_(rows.width()),
      counts_(parameters.classes),
      left_(parameters.classes) {}

decision_tree tree_grower::grow(std::uint32_t seed) {
  draw_sample(seed);
  random_ = numpy_random(seed).interval(highest_seed);
  std::iota(columns_.begin(), columns_.end(), 0U);

  decision_tree tree{{{}}, {}, std::vector<double>(rows_.width(), 0.0)};
  std::vector<open_node> open{{0, 0, sample_.size(), 0, 0}};
  while (!open.empty()) {
    open_node at = open.back();
    open.pop_back();
    count(at);
    const bool grows = at.depth < parameters_.max_depth && at.end - at.begin >= 2 * parameters_.min_samples_leaf &&
                       squares_ != weight_ * weight_;
    const split best = grows ? best_split(at) : split{};
    if (best.column == tree_node::leaf) {
      tree.nodes[at.node].next = static_cast<std::uint32_t>(tree.leaves.size() / parameters_.classes);
      for (const std::int64_t n : counts_)
        tree.leaves.push_back(static_cast<float>(static_cast<double>(n) / static_cast<double>(weight_)));
      continue;
    }
    tree.importance[best.column] += weighted_gini(squares_, weight_) - best.impurity;
    const std::size_t middle = part(at, best);
    const std::size_t children = tree.nodes.size();
    tree.nodes[at.node] = {best.column, best.threshold, static_cast<std::uint32_t>(children)};
    tree.nodes.resize(children + 2);
    open.push_back({children + 1, middle, at.end, at.depth + 1, at.constants});
    open.push_back({children, at.begin, middle, at.depth + 1, at.constants}); // the next one, as in scikit-learn
  }

  const double sum = std::accumulate(tree.importance.begin(), tree.importance.end(), 0.0);
  for (double& x : tree.importance)
    x = sum > 0 ? x / sum : 0;
  return tree;
}

/// As many rows as there are, drawn with replacement.
void tree_grower::draw_sample(std::uint32_t seed) {
  for (std::size_t i = 0; i < rows_.rows; ++i)
    payload_[i] = std::uint64_t{rows_.labels[i]} << 16U;
  numpy_random random(seed);
  for (std::size_t i = 0; i < rows_.rows; ++i)
    ++payload_[random.interval(static_cast<std::uint32_t>(rows_.rows - 1))];
  sample_.clear();
  for (std::uint32_t i = 0; i < rows_.rows; ++i)
    if (count_of(payload_[i]) > 0)
      sample_.push_back(i);
}

void tree_grower::count(const open_node& at) {
  std::fill(counts_.begin(), counts_.end(), 0);
  for (std::size_t i = at.begin; i < at.end; ++i)
    counts_[class_of(payload_[sample_[i]])] += count_of(payload_[sample_[i]]);
  weight_ = std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
  squares_ = std::inner_product(counts_.begin(), counts_.end(), counts_.begin(), std::int64_t{0});
}

/// Draws columns without replacement until max_features were drawn and one of them is
/// not constant in the node. Columns that are known to be constant count as drawn, but
/// are not looked at. The order of columns_ during that, from the front: drawn constants,
/// known constants, constants found here, columns still to be drawn, columns drawn.
tree_grower::split tree_grower::best_split(open_node& at) {
  split best;
  best.score = -std::numeric_limits<double>::infinity();
  const std::size_t known = at.constants;
  std::size_t drawn_constants = 0;
  std::size_t found_constants = 0;
  std::size_t left = columns_.size(); // to be drawn: in front of it
  for (std::size_t drawn = 0; left > known + found_constants &&
                              (drawn < parameters_.max_features || drawn <= found_constants + drawn_constants);
       ++drawn) {
    std::size_t j = drawn_constants + draw_below(static_cast<std::uint32_t>(left - found_constants - drawn_constants));
    if (j < known) {
      std::swap(columns_[drawn_constants++], columns_[j]);
      continue;
    }
    j += found_constants;
    if (sort_by(columns_[j], at)) {
      --left;
      std::swap(columns_[left], columns_[j]);
      judge(columns_[left], at.end - at.begin, best);
    } else {
      std::swap(columns_[j], columns_[known + found_constants]);
      ++found_constants;
    }
  }
  // siblings need the known constants where they were
  std::copy_n(constants_.begin(), known, columns_.begin());
  std::copy_n(columns_.begin() + static_cast<std::ptrdiff_t>(known), found_constants,
              constants_.begin() + static_cast<std::ptrdiff_t>(known));
  at.constants = known + found_constants;
  return best;
}

/// Fills keys_ with the node's rows in the order of the column.
/// @returns false, without sorting, when the column is constant there
bool tree_grower::sort_by(std::uint32_t column, const open_node& at) {
  const std::uint32_t* ranks = rows_.column(column);
  std::uint32_t low = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t high = 0;
  for (std::size_t i = at.begin; i < at.end; ++i) {
    const std::uint32_t row = sample_[i];
    const std::uint32_t rank = ranks[row];
    low = std::min(low, rank);
    high = std::max(high, rank);
    keys_[i - at.begin] = std::uint64_t{rank} << 32U | payload_[row];
  }
  const std::vector<float>& values = rows_.values[column];
  if (values[high] <= values[low] + equal_values)
    return false;
  constexpr std::size_t worth_counting = 128;
  const std::size_t size = at.end - at.begin;
  if (size < worth_counting)
    std::sort(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(size));
  else
    radix_sort(size, high);
  return true;
}

/// By rank, a byte at a time from the lowest.
void tree_grower::radix_sort(std::size_t count, std::uint32_t highest_rank) {
  for (unsigned shift = 0; std::uint64_t{highest_rank} >> shift != 0; shift += 8) {
    const auto digit = [shift](std::uint64_t key) { return (key >> (32U + shift)) & 0xFFU; };
    std::array<std::uint32_t, 256> starts{};
    for (std::size_t i = 0; i < count; ++i)
      ++starts[digit(keys_[i])];
    std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), 0U);
    for (std::size_t i = 0; i < count; ++i)
      sorted_[starts[digit(keys_[i])]++] = keys_[i];
    keys_.swap(sorted_);
  }
}

/// Tries each place between two values of the sorted column; the first of equals wins.
void tree_grower::judge(std::uint32_t column, std::size_t size, split& best) {
  const std::vector<float>& values = rows_.values[column];
  std::fill(left_.begin(), left_.end(), 0);
  std::int64_t weight = 0;               // of the left part
  std::int64_t left_squares = 0;         // sum of its counts squared
  std::int64_t right_squares = squares_; // the same of the right part
  for (std::size_t i = 0; i + parameters_.min_samples_leaf < size; ++i) {
    const std::int64_t n = count_of(keys_[i]);
    const std::uint32_t c = class_of(keys_[i]);
    left_squares += n * (2 * left_[c] + n);
    right_squares += n * (n - 2 * (counts_[c] - left_[c]));
    left_[c] += n;
    weight += n;
    const std::uint32_t rank = rank_of(keys_[i]);
    const std::uint32_t next = rank_of(keys_[i + 1]);
    if (rank == next || values[next] <= values[rank] + equal_values || i + 1 < parameters_.min_samples_leaf)
      continue;
    const double right = weighted_gini(right_squares, weight_ - weight);
    const double score = -right - weighted_gini(left_squares, weight);
    if (score > best.score)
      best = {column, rank, threshold_between(values[rank], values[next]), score, -score};
  }
}

/// Moves the node's rows that go left in front of those that go right.
/// @returns where the latter begin
std::size_t tree_grower::part(const open_node& at, const split& by) {
  const std::uint32_t* ranks = rows_.column(by.column);
  std::size_t middle = at.begin;
  std::size_t aside = 0;
  for (std::size_t i = at.begin; i < at.end; ++i)
    if (const std::uint32_t row = sample_[i]; ranks[row] <= by.rank)
      sample_[middle++] = row;
    else
      set_aside_[aside++] = row;
  std::copy_n(set_aside_.begin(), aside, sample_.begin() + static_cast<std::ptrdiff_t>(middle));
  return middle;
}

/// Marsaglia's xorshift, as scikit-learn draws columns.
std::uint32_t tree_grower::draw_below(std::uint32_t bound) {
  if (random_ == 0)
    random_ = 1;
  random_ ^= random_ << 13U;
  random_ ^= random_ >> 17U;
  random_ ^= random_ << 5U;
  return random_ % 0x80000000U % bound;
}

} // namespace fugato
