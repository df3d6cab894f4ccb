// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// A feature table. Computed ones have their rows ordered by (track, chunk), so
/// that they never depend on who computed what; those read from a file keep its order.
struct dataset {
  std::vector<std::string> columns; ///< names of the numeric columns
  std::vector<float> values;        ///< row-major, rows x columns

  std::vector<std::string> track_names; ///< empty when the table does not say
  std::vector<std::uint32_t> tracks;    ///< a row: index into track_names
  std::vector<std::uint32_t> chunks;    ///< a row: which chunk of its track; empty when track_names is

  std::vector<std::string> label_names; ///< sorted
  std::vector<std::uint32_t> labels;    ///< a row: index into label_names; empty when unlabelled

  std::size_t width() const { return columns.size(); }
  std::size_t rows() const { return columns.empty() ? 0 : values.size() / columns.size(); }
  std::span<const float> row(std::size_t i) const { return std::span(values).subspan(i * width(), width()); }
};

} // namespace fugato
