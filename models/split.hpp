// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "config/describe.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Files that name the tracks of each part, a line each (see read_track_list).
struct split_lists {
  std::string train;
  std::string valid; ///< may be left out
  std::string test;
};

/// How rows are parted into those to learn from and those to test with.
struct split_settings {
  std::string kind = "grouped-track"; ///< row of the catalog
  double test_size = 0.3;             ///< share of rows, tracks or groups
  std::uint32_t seed = 42;
  bool stratified = false;   ///< whether a random choice keeps each class's share
  std::uint32_t folds = 10;  ///< of k-fold
  std::uint32_t repeats = 1; ///< with seeds seed, seed + 1, ...
  split_lists lists = {};
  std::string groups = {}; ///< file of track,group lines (see read_track_groups)
};

void describe(visitor& v, split_lists& x);
void describe(visitor& v, split_settings& x);

/// Indices of rows, in the order of the table.
struct split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  std::string kind;
  bool leaky = false;
  std::vector<std::uint32_t> valid; ///< neither learnt from nor tested with: to stop early or to tune by
  std::uint32_t repeat = 0;
  std::uint32_t fold = 0;
  std::vector<std::string> notes; ///< sentences about tracks that are left out, unknown or without a group
};

/// One row of the catalog of splits.
struct split_kind {
  std::string_view name;
  std::string_view summary;
  bool leaky; ///< whether chunks of one track may land on both sides, which flatters every model
  /// How many splits one repetition has.
  std::uint32_t (*parts)(const split_settings&);
  /// What is drawn, for people: "test size 0.3 and seed 42".
  std::string (*how)(const split_settings&);
  /// Throws error(settings) unless the files that the kind needs can be used.
  void (*check)(const split_settings&);
  /// Parts @p rows; the seed is that of the repetition.
  split (*part)(const dataset& table, std::span<const std::uint32_t> rows, const split_settings&, std::uint32_t fold);
};

const catalog<split_kind>& split_kinds();

/// Whether the files that the kind of split needs are named and can be read, so
/// that a mistake shows before the work begins.
/// @throws error(settings) naming the setting or the file
void check(const split_settings& settings);

/// How many splits the settings plan: folds times repetitions.
std::uint32_t split_count(const split_settings& settings);

/// The split number @p part of the plan (fold by fold, repetition by
/// repetition) of some rows of a table. Repetition r has the seed `seed` + r.
/// @throws error(bad_table) when a side would be empty, the kind needs tracks or
///         labels that the table does not have, a file contradicts itself or the
///         table, or a class would have no row to learn from (scikit-learn says
///         nothing then and learns without the class).
split split_rows(const dataset& table, std::span<const std::uint32_t> rows, const split_settings& settings,
                 std::uint32_t part = 0);

/// The same of all rows.
split split_rows(const dataset& table, const split_settings& settings, std::uint32_t part = 0);

/// Every split of the plan, in order.
std::vector<split> splits_of(const dataset& table, const split_settings& settings);

/// Parts the training rows of a split again, to stop early or to tune without a
/// look at the test rows. With @p folds < 2: into all of them and the split's own
/// `valid` rows where it has any, else into four fifths and a fifth. With more:
/// into stratified folds, one split each. What is parted is groups where the
/// settings name a file of groups, else tracks, else (in a table without) rows.
std::vector<split> inner_splits(const dataset& table, const split& outer, const split_settings& settings,
                                std::uint32_t folds = 0);

} // namespace fugato
