// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// What a split parts: rows that stay together, numbered in the order of their names.
struct units {
  std::string_view things; ///< how errors name them
  std::size_t count = 0;
  std::vector<std::uint32_t> of_row;
  std::vector<std::uint32_t> classes; ///< what most rows of each unit are, the lowest of equals; empty without labels
  std::vector<std::string> notes;     ///< sentences for the report
};

/// Each row by itself.
units single_rows(const dataset& table, std::span<const std::uint32_t> rows);

/// The rows of each track; the table must name them.
units whole_tracks(const dataset& table, std::span<const std::uint32_t> rows);

/// The rows of each group of tracks; those of a track that @p file (see
/// read_track_groups) does not name are a group of their own.
/// @throws error(bad_table) when the file cannot be read, puts a track into two
///         groups or knows no track of the table
units whole_groups(const dataset& table, std::span<const std::uint32_t> rows, const std::string& file);

} // namespace fugato
