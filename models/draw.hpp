// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Random choices among numbered things, the very ones of scikit-learn 1.2.
/// All throw error(bad_table) when a choice is not possible.
namespace fugato {

/// How much is drawn, of what.
struct draw_settings {
  double test_size = 0.3;
  std::uint32_t seed = 0;
  std::string_view things; ///< for errors: "rows", "tracks", "groups"
};

/// Which of n things are tested with: the first ceil(test_size n) of a random
/// permutation (sklearn.model_selection.ShuffleSplit, train_test_split).
std::vector<bool> draw(std::size_t n, const draw_settings& settings);

/// The same number of things, each class by its share of them
/// (sklearn.model_selection.StratifiedShuffleSplit, train_test_split(stratify=classes)).
/// @param classes of each thing
std::vector<bool> draw_stratified(std::span<const std::uint32_t> classes, const draw_settings& settings);

/// The fold of each thing, classes spread evenly over them
/// (sklearn.model_selection.StratifiedKFold(folds, shuffle=True, random_state=seed)).
/// Unlike it, classes with fewer things than folds are allowed.
std::vector<std::uint32_t> draw_folds(std::span<const std::uint32_t> classes, std::uint32_t folds, std::uint32_t seed,
                                      std::string_view things);

} // namespace fugato
