// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// A column of a table as it is, gaps and all.
struct any_column {
  std::string name;
  std::vector<double> values;   ///< a row each; NaN where no number stands
  std::uint64_t nulls = 0;      ///< empty cells, and NA, N/A, null, NULL, None
  std::uint64_t nans = 0;       ///< cells that say NaN
  std::uint64_t infinities = 0; ///< cells that say infinity, or a number beyond double
  std::uint64_t texts = 0;      ///< cells that hold something else
  bool whole = true;            ///< every number is written without point and exponent

  std::uint64_t finite() const { return values.size() - nulls - nans - infinities - texts; }
  /// "int64", "float64", "text", "mixed" (numbers and text) or "empty".
  std::string dtype() const;
};

/// A table of features, whoever made it, for looking at. The columns that name rows and labels are found as by
/// `read_table`, which however refuses what cannot be learnt from.
struct any_table {
  std::vector<any_column> columns;
  std::string name_column;                ///< its heading; empty: there is none
  std::string label_column;               ///< the same
  std::vector<std::string> index_columns; ///< leading ones without a name, or named so by pandas; not among `columns`
  std::uint64_t rows = 0;

  std::vector<std::string> track_names; ///< in order of appearance; empty without name_column
  std::vector<std::uint32_t> tracks;    ///< a row: index into track_names
  std::uint64_t repeated_names = 0;     ///< rows whose name an earlier row has

  std::vector<std::string> label_names; ///< sorted; "" stands for rows without a label
  std::vector<std::uint32_t> labels;    ///< a row: index into label_names; empty without label_column
};

/// @throws error(bad_table) for a file that is no table: none that can be read, no line of column names, two columns of
///         one name, no rows, lines of unequal length, no column that has numbers
any_table read_any_table(const std::string& path);

/// The same of a text; @p name is for the errors.
any_table parse_any_table(std::string text, const std::string& name);

} // namespace fugato
