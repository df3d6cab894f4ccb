// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Reads comma-separated values record by record (RFC 4180): fields may be
/// quoted, quoted fields may hold commas, line ends and doubled quotes. Lines
/// end with CRLF, LF or CR; a UTF-8 byte order mark and blank lines are skipped.
/// A quote inside an unquoted field stands for itself.
class csv_reader {
public:
  /// @param name of the file, for the errors
  csv_reader(std::string text, std::string name);

  csv_reader(const csv_reader&) = delete;
  csv_reader& operator=(const csv_reader&) = delete;

  /// Reads the next record. The fields are views into the reader.
  /// @returns false at the end of the text.
  /// @throws error(bad_table) for a quoted field that is not closed, or is
  ///         followed by something else than a comma or a line end.
  bool next(std::vector<std::string_view>& fields);

  /// The line on which the last record starts, counted from 1.
  std::size_t line() const { return record_line_; }

private:
  bool at_line_end() const;
  void skip_line_end();
  bool skip_comma();
  std::string_view plain_field();
  std::string_view quoted_field();

  std::string text_;
  std::string name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 0;
};

/// @p text as a field of a CSV record: quoted where it has to be, also for programs
/// that split records at semicolons or tabs.
std::string csv_field(std::string_view text);

} // namespace fugato
