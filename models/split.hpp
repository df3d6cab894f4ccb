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

/// How rows are parted into those to learn from and those to test with.
struct split_settings {
  std::string kind = "grouped-track"; ///< row of the catalog
  double test_size = 0.3;             ///< share of rows or tracks
  std::uint32_t seed = 42;
};

void describe(visitor& v, split_settings& x);

/// One row of the catalog of splits.
struct split_kind {
  std::string_view name;
  std::string_view summary;
  bool leaky; ///< whether chunks of one track may land on both sides, which flatters every model
  /// For each of @p rows, whether it is tested with.
  std::vector<bool> (*is_test)(const dataset& table, std::span<const std::uint32_t> rows, const split_settings&);
};

const catalog<split_kind>& split_kinds();

/// Indices of rows, in the order of the table.
struct split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  std::string kind;
  bool leaky = false;
};

/// Parts all rows of a table.
/// @throws error(bad_table) when a side would be empty, the kind needs tracks
///         that the table does not name, or a class would have no row to learn
///         from (scikit-learn says nothing then and learns without the class).
split split_rows(const dataset& table, const split_settings& settings);

/// The same for some of the rows.
split split_rows(const dataset& table, std::span<const std::uint32_t> rows, const split_settings& settings);

} // namespace fugato
