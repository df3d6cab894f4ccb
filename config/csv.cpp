// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/csv.hpp"

#include "config/error.hpp"

#include <utility>

namespace fugato {

csv_reader::csv_reader(std::string text, std::string name) : text_(std::move(text)), name_(std::move(name)) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark))
    at_ = byte_order_mark.size();
}

bool csv_reader::next(std::vector<std::string_view>& fields) {
  fields.clear();
  while (at_line_end())
    skip_line_end();
  record_line_ = line_;
  if (at_ == text_.size())
    return false;
  do {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    fields.push_back(quoted ? quoted_field() : plain_field());
  } while (skip_comma());
  if (at_line_end())
    skip_line_end();
  return true;
}

bool csv_reader::at_line_end() const { return at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'); }

void csv_reader::skip_line_end() {
  at_ += text_.compare(at_, 2, "\r\n") == 0 ? 2 : 1;
  ++line_;
}

bool csv_reader::skip_comma() {
  if (at_ == text_.size() || text_[at_] != ',')
    return false;
  ++at_;
  return true;
}

std::string_view csv_reader::plain_field() {
  const std::size_t first = at_;
  while (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
    ++at_;
  return std::string_view(text_).substr(first, at_ - first);
}

/// Doubled quotes are undone in place: the field only gets shorter.
std::string_view csv_reader::quoted_field() {
  const std::size_t opened_on = line_;
  const std::size_t first = ++at_;
  std::size_t end = first;
  for (bool open = true; open;) {
    if (at_ == text_.size())
      throw error(errc::bad_table, name_ + ": line " + std::to_string(opened_on) +
                                       ": a quoted field must be closed, but the file ends inside of it");
    const char c = text_[at_++];
    const bool doubled = c == '"' && at_ < text_.size() && text_[at_] == '"';
    if (doubled)
      ++at_;
    open = c != '"' || doubled;
    if (open)
      text_[end++] = c;
    if (c == '\n')
      ++line_;
  }
  if (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
    throw error(errc::bad_table, name_ + ": line " + std::to_string(line_) +
                                     ": a comma or the line's end must follow a quoted field, found '" + text_[at_] +
                                     "'");
  return std::string_view(text_).substr(first, end - first);
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",;\t\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string result = "\"";
  for (const char c : text)
    result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

} // namespace fugato
