// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The little of HTML that the pages need. Arguments called `content` are HTML already; all others are
/// plain text, which is escaped here.
namespace fugato {

using attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

/// `text` with & < > " escaped; control characters and bytes that are not UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

/// <name key="value" ...>content</name>; an attribute without a value is left out.
std::string element(std::string_view name, attributes attrs, const std::string& content = "");

/// <p>text</p>
std::string paragraph(const std::string& text);

/// A heading, a line that explains, and what is shown; an empty explanation is left out.
std::string section(const std::string& title, const std::string& explanation, const std::string& content);

/// A framed part with a small heading, for `cards`.
std::string card(const std::string& title, const std::string& content);

/// Cards side by side, as many as the screen is wide.
std::string cards(const std::string& content);

/// The same with wider cards, e.g. for charts.
std::string wide_cards(const std::string& content);

/// A picture, chart or player with its caption below.
std::string figure(const std::string& caption, const std::string& content);

/// A few large numbers in a row: the name of each, the number, a word about it.
struct key_figure {
  std::string name;
  std::string value;
  std::string remark;
};
std::string key_figures(const std::vector<key_figure>& figures);

using table_rows = std::vector<std::vector<std::string>>;

/// The first row is the heading; the first `words` columns are set to the left. Scrolls sideways where the screen is
/// narrow.
std::string table(const table_rows& rows, std::size_t words);

/// The same with cells that are HTML.
std::string content_table(const table_rows& rows, std::size_t words);

/// A few words in red that must not be overlooked.
std::string badge(const std::string& text);

/// What only shows when its summary is chosen.
std::string details(const std::string& summary, const std::string& content);

/// What is long scrolls in a box of its own.
std::string scrolling(const std::string& content);

/// A framed paragraph that warns.
std::string warning_box(const std::string& text);

/// Two columns: what, and its value.
std::string facts(const table_rows& rows);

/// A cell of a table whose colours show its numbers.
struct heat_cell {
  std::string text;
  double share = 0; ///< 0 to 1: how strong its colour is
  std::string tip;  ///< shows while the pointer rests on it, or after a tap; lines are kept
};

struct heat_row {
  std::string name;
  std::vector<heat_cell> cells;
};

/// @param corner what the rows and the columns are
std::string heat_table(const std::string& corner, const std::vector<std::string>& columns,
                       const std::vector<heat_row>& rows);

} // namespace fugato
