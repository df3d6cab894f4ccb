// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/draw.hpp"

#include "config/error.hpp"
#include "models/numpy_random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numeric>
#include <set>

namespace fugato {
namespace {

std::size_t test_count(std::size_t n, const draw_settings& settings) {
  const auto n_test = static_cast<std::size_t>(std::ceil(settings.test_size * static_cast<double>(n)));
  if (n_test == 0 || n_test >= n)
    throw error(errc::bad_table, fmt::format("a split needs {0} on both sides; with {1} {0} and split.test_size = {2}, "
                                             "{3} are left to learn from and {4} to test with",
                                             settings.things, n, settings.test_size, n - std::min(n, n_test), n_test));
  return n_test;
}

/// Things by class, both ascending; classes without things are left out.
std::vector<std::vector<std::uint32_t>> by_class(std::span<const std::uint32_t> classes) {
  std::vector<std::vector<std::uint32_t>> result;
  for (std::uint32_t i = 0; i < classes.size(); ++i) {
    result.resize(std::max<std::size_t>(result.size(), classes[i] + 1));
    result[classes[i]].push_back(i);
  }
  std::erase_if(result, [](const auto& members) { return members.empty(); });
  return result;
}

/// Shares out n draws by the classes' sizes; what rounding leaves goes to the largest remainders, among equals
/// at random (sklearn.utils._approximate_mode).
std::vector<std::size_t> share_out(const std::vector<std::size_t>& sizes, std::size_t n, numpy_random& dice) {
  const auto all = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
  std::vector<std::size_t> result;
  std::vector<double> remainders;
  for (const std::size_t size : sizes) {
    const double share = static_cast<double>(size) / all * static_cast<double>(n);
    result.push_back(static_cast<std::size_t>(share));
    remainders.push_back(share - std::floor(share));
  }
  std::size_t missing = n - std::accumulate(result.begin(), result.end(), std::size_t{0});
  const std::set<double, std::greater<>> descending(remainders.begin(), remainders.end());
  for (auto value = descending.begin(); missing > 0 && value != descending.end(); ++value) {
    std::vector<std::size_t> equals;
    for (std::size_t k = 0; k < remainders.size(); ++k)
      if (remainders[k] == *value)
        equals.push_back(k);
    const auto order = dice.permutation(static_cast<std::uint32_t>(equals.size()));
    const std::size_t now = std::min(equals.size(), missing);
    for (std::size_t i = 0; i < now; ++i)
      ++result[equals[order[i]]];
    missing -= now;
  }
  return result;
}

} // namespace

std::vector<bool> draw(std::size_t n, const draw_settings& settings) {
  const std::size_t n_test = test_count(n, settings);
  std::vector<bool> result(n, false);
  const auto order = numpy_random(settings.seed).permutation(static_cast<std::uint32_t>(n));
  for (std::size_t i = 0; i < n_test; ++i)
    result[order[i]] = true;
  return result;
}

std::vector<bool> draw_stratified(std::span<const std::uint32_t> classes, const draw_settings& settings) {
  const std::size_t n_test = test_count(classes.size(), settings);
  const std::size_t n_train = classes.size() - n_test;
  const auto members = by_class(classes);
  std::vector<std::size_t> sizes;
  for (const auto& of_class : members)
    sizes.push_back(of_class.size());
  const std::size_t smallest = *std::min_element(sizes.begin(), sizes.end());
  if (smallest < 2 || std::min(n_train, n_test) < sizes.size())
    throw error(errc::bad_table,
                fmt::format("a stratified split needs at least 2 {0} of each class and as many {0} on each side as "
                            "classes; found {1} classes, the smallest of {2} {0}, and {3} {0} to learn from and {4} "
                            "to test with",
                            settings.things, sizes.size(), smallest, n_train, n_test));
  numpy_random dice(settings.seed);
  const auto learnt = share_out(sizes, n_train, dice);
  std::vector<std::size_t> rest;
  for (std::size_t k = 0; k < sizes.size(); ++k)
    rest.push_back(sizes[k] - learnt[k]);
  const auto tested = share_out(rest, n_test, dice);
  std::vector<bool> result(classes.size(), false);
  for (std::size_t k = 0; k < members.size(); ++k) {
    const auto order = dice.permutation(static_cast<std::uint32_t>(members[k].size()));
    for (std::size_t i = learnt[k]; i < learnt[k] + tested[k]; ++i)
      result[members[k][order[i]]] = true;
  }
  return result;
}

std::vector<std::uint32_t> draw_folds(std::span<const std::uint32_t> classes, std::uint32_t folds, std::uint32_t seed,
                                      std::string_view things) {
  if (classes.size() < folds)
    throw error(errc::bad_table,
                fmt::format("{0} folds need at least as many {1}, found {2}", folds, things, classes.size()));
  auto members = by_class(classes);
  std::sort(members.begin(), members.end()); // by first appearance
  std::vector<std::vector<std::uint32_t>> sizes(folds, std::vector<std::uint32_t>(members.size(), 0));
  std::size_t dealt = 0; // cards dealt round the folds, class after class
  for (std::size_t k = 0; k < members.size(); ++k)
    for (std::size_t i = 0; i < members[k].size(); ++i)
      ++sizes[dealt++ % folds][k];
  numpy_random dice(seed);
  std::vector<std::uint32_t> result(classes.size());
  for (std::size_t k = 0; k < members.size(); ++k) {
    std::vector<std::uint32_t> of_class;
    for (std::uint32_t fold = 0; fold < folds; ++fold)
      of_class.insert(of_class.end(), sizes[fold][k], fold);
    dice.shuffle(of_class);
    for (std::size_t i = 0; i < of_class.size(); ++i)
      result[members[k][i]] = of_class[i];
  }
  return result;
}

} // namespace fugato
