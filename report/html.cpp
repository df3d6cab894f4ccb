// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 sequence at the front, 0 when there is none. Overlong forms and surrogates pass: a browser
/// replaces those itself.
std::size_t sequence(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size() || (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
      return 0;
  return length;
}

} // namespace

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    switch (length == 0 ? '\0' : text.front()) {
    case '\0':
      result += replacement;
      break;
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

std::string element(std::string_view name, attributes attrs, const std::string& content) {
  std::string result = fmt::format("<{}", name);
  for (const auto& [key, value] : attrs)
    if (!value.empty())
      result += fmt::format(" {}=\"{}\"", key, escaped(value));
  return result + fmt::format(">{}</{}>", content, name);
}

std::string paragraph(const std::string& text) { return element("p", {}, escaped(text)); }

std::string section(const std::string& title, const std::string& explanation, const std::string& content) {
  const std::string note = explanation.empty() ? "" : element("p", {{"class", "note"}}, escaped(explanation));
  return element("section", {}, element("h2", {}, escaped(title)) + note + "\n" + content) + "\n";
}

std::string card(const std::string& title, const std::string& content) {
  return element("div", {{"class", "card"}}, element("h3", {}, escaped(title)) + content) + "\n";
}

std::string cards(const std::string& content) { return element("div", {{"class", "cards"}}, content); }

std::string wide_cards(const std::string& content) { return element("div", {{"class", "cards wide"}}, content); }

std::string figure(const std::string& caption, const std::string& content) {
  return element("figure", {}, content + element("figcaption", {}, escaped(caption)));
}

std::string key_figures(const std::vector<key_figure>& figures) {
  std::string result;
  for (const key_figure& x : figures)
    result += element("div", {{"class", "card"}},
                      element("small", {}, escaped(x.name)) + element("strong", {}, escaped(x.value)) +
                          element("small", {}, escaped(x.remark)));
  return element("div", {{"class", "keys"}}, result);
}

std::string table(const table_rows& rows, std::size_t words) {
  table_rows cells = rows;
  for (auto& row : cells)
    for (std::string& cell : row)
      cell = escaped(cell);
  return content_table(cells, words);
}

std::string content_table(const table_rows& rows, std::size_t words) {
  std::string body;
  for (const auto& row : rows) {
    std::string cells;
    for (std::size_t i = 0; i < row.size(); ++i)
      cells += element(&row == &rows.front() ? "th" : "td", {{"class", i < words ? "words" : ""}}, row[i]);
    body += element("tr", {}, cells) + "\n";
  }
  return element("div", {{"class", "table"}}, element("table", {}, body));
}

std::string badge(const std::string& text) { return element("span", {{"class", "badge"}}, escaped(text)); }

std::string details(const std::string& summary, const std::string& content) {
  return element("details", {}, element("summary", {}, escaped(summary)) + content);
}

std::string scrolling(const std::string& content) { return element("div", {{"class", "scrolling"}}, content); }

std::string warning_box(const std::string& text) {
  return element("div", {{"class", "card warning"}}, paragraph(text)) + "\n";
}

std::string facts(const table_rows& rows) {
  std::string body;
  for (const auto& row : rows)
    body += element("tr", {}, element("th", {}, escaped(row.front())) + element("td", {}, escaped(row.back()))) + "\n";
  return element("div", {{"class", "table facts"}}, element("table", {}, body));
}

std::string heat_table(const std::string& corner, const std::vector<std::string>& columns,
                       const std::vector<heat_row>& rows) {
  constexpr double dark = 0.55; // from here on the text is light
  std::string head = element("th", {}, escaped(corner));
  for (const std::string& name : columns)
    head += element("th", {}, element("span", {}, escaped(name))); // turned upright, which cells cannot be
  std::string body = element("tr", {}, head) + "\n";
  for (const heat_row& row : rows) {
    std::string cells = element("th", {}, escaped(row.name));
    for (const heat_cell& cell : row.cells) {
      const double share = std::clamp(cell.share, 0.0, 1.0);
      cells += element("td",
                       {{"class", share >= dark ? "strong" : ""},
                        {"style", share > 0 ? fmt::format("--v:{:.3g}", share) : ""},
                        {"data-tip", cell.tip},
                        {"tabindex", cell.tip.empty() ? "" : "0"}},
                       escaped(cell.text));
    }
    body += element("tr", {}, cells) + "\n";
  }
  return element("div", {{"class", "table heat"}}, element("table", {}, body));
}

} // namespace fugato
