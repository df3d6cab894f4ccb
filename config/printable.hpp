// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// File names, labels and tags are foreign text: they may hold terminal commands,
/// line ends, bytes of other encodings, and formulas for a spreadsheet.
namespace fugato {

/// `text` on one line, valid UTF-8 and harmless to a terminal: control characters
/// (C0, DEL, C1), line and paragraph separators and those that turn the direction of
/// writing become `\n` or `\u001b`, bytes that are no UTF-8 `\xe9`. What is printable
/// already stays as it is.
/// @param most is cut between characters after about so many bytes, with "..."
std::string printable(std::string_view text, std::size_t most = std::string_view::npos);

/// `text` as a cell of a table: printable, and a first `=`, `+`, `-` or `@`, which makes
/// spreadsheets take the cell for a formula, becomes `\u003d` and so on, wide forms
/// included. What is harmless already stays as it is.
std::string printable_cell(std::string_view text);

/// `text` as an identity in tables: as `printable_cell`, and different for different
/// texts, for a backslash is doubled.
std::string printable_name(std::string_view text);

} // namespace fugato
