// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/random_forest.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "models/checks.hpp"
#include "models/decision_tree.hpp"
#include "models/npy.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

constexpr std::string_view who = "the random forest";
constexpr const char* file_name = "random-forest.npy";

struct forest_parameters {
  std::uint32_t n_estimators = 1000;
  std::uint32_t max_depth = 10;
  std::uint32_t max_features = 0;
  std::uint32_t min_samples_leaf = 1;
};

void describe(visitor& v, forest_parameters& x) {
  v("n_estimators", x.n_estimators, between{1, 100000}, "trees");
  v("max_depth", x.max_depth, between{1, 1000}, "most splits from a tree's root to a leaf");
  v("max_features", x.max_features, between{0, 100000},
    "columns drawn for each split to choose from, at most all; 0: the square root of their number, rounded down");
  v("min_samples_leaf", x.min_samples_leaf, between{1, 100000}, "least training rows that a leaf must hold");
}

/// All trees; their nodes and leaves behind one another.
struct forest {
  std::vector<std::uint32_t> roots; ///< of each tree: index of its first node
  std::vector<tree_node> nodes;
  std::vector<float> leaves; ///< leaves x classes
  std::vector<double> importance;
  std::uint32_t classes = 0;

  std::size_t width() const { return importance.size(); }

  void add(const decision_tree& tree) {
    const auto first_node = static_cast<std::uint32_t>(nodes.size());
    const auto first_leaf = static_cast<std::uint32_t>(leaves.size() / classes);
    roots.push_back(first_node);
    for (const tree_node& node : tree.nodes)
      nodes.push_back(
          {node.column, node.threshold, node.next + (node.column == tree_node::leaf ? first_leaf : first_node)});
    leaves.insert(leaves.end(), tree.leaves.begin(), tree.leaves.end());
    for (std::size_t j = 0; j < importance.size(); ++j)
      importance[j] += tree.importance[j];
  }

  /// The shares of the classes in the leaf of a tree that a row falls into.
  const float* leaf(std::uint32_t root, const float* row) const {
    const tree_node* node = &nodes[root];
    while (node->column != tree_node::leaf)
      node = &nodes[node->next + (row[node->column] <= node->threshold ? 0 : 1)];
    return leaves.data() + std::size_t{node->next} * classes;
  }
};

/// One number of each node.
template <class T>
std::vector<T> each(const std::vector<tree_node>& nodes, T tree_node::*number) {
  std::vector<T> result;
  result.reserve(nodes.size());
  for (const tree_node& node : nodes)
    result.push_back(node.*number);
  return result;
}

void write_forest(const forest& x, const std::string& path) {
  std::ostringstream out;
  write_npy(out, x.roots, x.roots.size(), 1);
  write_npy(out, each(x.nodes, &tree_node::column), x.nodes.size(), 1);
  write_npy(out, each(x.nodes, &tree_node::threshold), x.nodes.size(), 1);
  write_npy(out, each(x.nodes, &tree_node::next), x.nodes.size(), 1);
  write_npy(out, x.leaves, x.leaves.size() / x.classes, x.classes);
  write_npy(out, x.importance, 1, x.width());
  write_file(path, out.str());
}

/// Indices must stay inside, and children come after their parents, so that each walk ends.
void check_forest(const forest& x, const npy_reader& file) {
  const std::size_t leaves = x.leaves.size() / x.classes;
  file.must(x.classes >= 2 && x.classes <= max_classes, "leaves", fmt::format("have 2 to {} columns", max_classes));
  file.must(std::all_of(x.roots.begin(), x.roots.end(), [&](std::uint32_t i) { return i < x.nodes.size(); }), "roots",
            "be below the number of nodes");
  for (std::size_t i = 0; i < x.nodes.size(); ++i) {
    const tree_node& node = x.nodes[i];
    if (node.column == tree_node::leaf) {
      file.must(node.next < leaves, "next nodes", "lead from a leaf to a row of the leaves");
      continue;
    }
    file.must(node.column < x.width(), "columns", "be below the number of columns, or 2^32 - 1 for a leaf");
    file.must(node.next > i && node.next < x.nodes.size() - 1, "next nodes", "lead to two later nodes");
  }
  for (std::size_t i = 0; i < leaves; ++i) {
    const std::span shares = std::span(x.leaves).subspan(i * x.classes, x.classes);
    const bool all_positive = std::all_of(shares.begin(), shares.end(), [](float share) { return share >= 0; });
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    file.must(all_positive && std::abs(sum - 1) < 1e-3, "leaves", "hold shares that sum to 1");
  }
}

forest read_forest(const std::string& path) {
  npy_reader file(path);
  forest x;
  x.roots = file.next<std::uint32_t>("roots").values;
  const auto columns = file.next<std::uint32_t>("columns");
  const auto thresholds = file.next<float>("thresholds", columns.rows, 1);
  const auto next = file.next<std::uint32_t>("next nodes", columns.rows, 1);
  file.must(columns.columns == 1, "columns", "have one column");
  for (std::size_t i = 0; i < columns.rows; ++i)
    x.nodes.push_back({columns.values[i], thresholds[i], next[i]});
  auto leaves = file.next<float>("leaves");
  x.leaves = std::move(leaves.values);
  x.classes = static_cast<std::uint32_t>(std::min<std::size_t>(leaves.columns, max_classes + 1));
  x.importance = file.next<double>("importance").values;
  file.finish();
  check_forest(x, file);
  return x;
}

class random_forest_classifier : public classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<random_forest_classifier>();
    copy->parameters_ = parameters_;
    return copy;
  }

  void fit(const samples& train, const fit_context& context) override {
    check_trainable(train, context.classes, who);
    const ranked_rows rows(train);
    tree_parameters growing;
    growing.classes = context.classes;
    growing.max_depth = parameters_.max_depth;
    growing.max_features = features_a_split(train.width);
    growing.min_samples_leaf = parameters_.min_samples_leaf;

    numpy_random random(static_cast<std::uint32_t>(context.seed));
    std::vector<std::uint32_t> seeds(parameters_.n_estimators);
    for (std::uint32_t& seed : seeds)
      seed = random.interval(0x7FFFFFFE);
    std::vector<decision_tree> trees(seeds.size());
    const auto make_worker = [&]() -> worker {
      return [&, grower = tree_grower(rows, growing)](std::size_t i) mutable { trees[i] = grower.grow(seeds[i]); };
    };
    share_out(trees.size(), context.threads, make_worker, &context);
    forest_ = gather(trees, train.width, context.classes);
  }

  std::vector<float> predict_proba(const samples& x, unsigned threads) const override {
    check_rows(x, learnt().width(), who);
    constexpr std::size_t block = 64; // few enough that a tree's nodes stay in the cache for all of them
    std::vector<float> result(x.rows() * forest_.classes);
    const auto make_worker = [&]() -> worker {
      return [&, sums = std::vector<double>(block * forest_.classes)](std::size_t job) mutable {
        const std::size_t first = job * block;
        const std::size_t rows = std::min(block, x.rows() - first);
        add_up(x.values.data() + first * x.width, rows, sums);
        for (std::size_t i = 0; i < rows * forest_.classes; ++i)
          result[first * forest_.classes + i] = static_cast<float>(sums[i] / static_cast<double>(forest_.roots.size()));
      };
    };
    share_out((x.rows() + block - 1) / block, threads, make_worker);
    return result;
  }

  std::vector<double> importance() const override { return learnt().importance; }

  std::vector<std::string> save(const std::string& directory) const override {
    write_forest(learnt(), directory + "/" + file_name);
    return {file_name};
  }

  void load(const std::string& directory) override { forest_ = read_forest(directory + "/" + file_name); }

private:
  const forest& learnt() const {
    if (forest_.roots.empty())
      throw error(errc::bad_model, fmt::format("{} must be trained or loaded first", who));
    return forest_;
  }

  std::uint32_t features_a_split(std::size_t width) const {
    const auto all = static_cast<std::uint32_t>(width);
    const auto root = static_cast<std::uint32_t>(std::sqrt(static_cast<double>(width)));
    return parameters_.max_features == 0 ? std::max(root, 1U) : std::min(parameters_.max_features, all);
  }

  static forest gather(const std::vector<decision_tree>& trees, std::size_t width, std::uint32_t classes) {
    forest result;
    result.classes = classes;
    result.importance.assign(width, 0.0);
    for (const decision_tree& tree : trees)
      result.add(tree);
    // trees without a split tell nothing and count for nothing
    const double sum = std::accumulate(result.importance.begin(), result.importance.end(), 0.0);
    for (double& x : result.importance)
      x = sum > 0 ? x / sum : 0;
    return result;
  }

  void add_up(const float* values, std::size_t rows, std::vector<double>& sums) const {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (const std::uint32_t root : forest_.roots)
      for (std::size_t i = 0; i < rows; ++i) {
        const float* shares = forest_.leaf(root, values + i * forest_.width());
        for (std::uint32_t c = 0; c < forest_.classes; ++c)
          sums[i * forest_.classes + c] += static_cast<double>(shares[c]);
      }
  }

  forest_parameters parameters_;
  forest forest_;
};

} // namespace

std::unique_ptr<classifier> make_random_forest() { return std::make_unique<random_forest_classifier>(); }

} // namespace fugato
