// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dataset.hpp"
#include "models/row_source.hpp"

#include <iosfwd>
#include <string>

namespace fugato {

/// Reads a feature table (CSV with a header line): ours, or one made with
/// librosa. Rows keep their order. Columns:
///  - `file_name` or `filename`, optional: row names, see parse_row_name. A track
///    that is named several times has chunks 0, 1, 2 ... in order of occurrence;
///  - `label`, else `genre`, else `class`, optional: the labels;
///  - leading columns without a name (pandas' index: "" or "Unnamed: ...") are
///    left out when they hold whole numbers;
///  - all others must be numbers, finite in float32. Constant ones are kept.
/// @throws error(bad_table) naming file, line and column, what must hold and
///         what was found: empty cells, NaN, infinity, text, duplicate column
///         names or rows, lines of unequal length, a table without rows or columns.
dataset read_table(const std::string& path);

/// The same of a text; @p name is for the errors.
dataset parse_table(std::string text, const std::string& name);

/// Writes `file_name,<columns>,label`; row names are `<track>.<chunk>`, and what
/// the data does not know is left out. Values are the shortest decimals that
/// read back to the same float32; lines end with LF. read_table finds the tracks
/// again where their names are those of audio files (see parse_row_name).
void write_table(std::ostream& out, const dataset& table);

/// The same bytes of a table that is not in memory.
void write_table(const text_sink& out, const row_source& table);

/// @throws error(output) when the file cannot be written.
void write_table(const std::string& path, const dataset& table);

} // namespace fugato
