// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/playlist.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

constexpr const char* blanks = " \t\r";

std::string stripped(const std::string& text) {
  const auto first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes the quoted field that begins at @p at (the quote); moves @p at behind it.
std::string quoted(const std::string& line, std::size_t& at, const std::string& where) {
  std::string field;
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"')
      field += line[at];
    else if (at + 1 < line.size() && line[at + 1] == '"')
      field += line[++at];
    else {
      ++at;
      return field;
    }
  }
  throw error(errc::settings, where + ": a quoted field must end with a quote in the same line");
}

std::vector<std::string> fields_of(const std::string& line, const std::string& where) {
  std::vector<std::string> fields;
  for (std::size_t at = 0;; ++at) {
    const auto start = line.find_first_not_of(blanks, at);
    if (start != std::string::npos && line[start] == '"') {
      at = start;
      fields.push_back(quoted(line, at, where));
      at = std::min(line.find_first_not_of(blanks, at), line.size());
      if (at < line.size() && line[at] != ',')
        throw error(errc::settings, where + ": a comma or the line's end must follow a closing quote");
    } else {
      const auto comma = std::min(line.find(',', at), line.size());
      fields.push_back(stripped(line.substr(at, comma - at)));
      at = comma;
    }
    if (at >= line.size())
      return fields;
  }
}

listed entry_of(const std::string& line, const std::string& where) {
  if (line.find('\0') != std::string::npos)
    throw error(errc::settings, where + ": a list must be UTF-8 text, but holds a zero byte");
  std::vector<std::string> fields = fields_of(line, where);
  if (fields.size() > 2)
    throw error(errc::settings,
                fmt::format("{}: must be path[,label], but has {} fields; quote a field that has commas", where,
                            fields.size()));
  if (fields[0].empty())
    throw error(errc::settings, where + ": the path must not be empty");
  return {fields[0], fields.size() == 2 ? fields[1] : ""};
}

bool is_header(const listed& x) { return x.path == "path" && (x.label.empty() || x.label == "label"); }

} // namespace

std::vector<listed> parse_list(const std::string& text, const std::string& name) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  std::istringstream in(text.starts_with(mark) ? text.substr(mark.size()) : text);
  std::vector<listed> entries;
  std::map<std::string, std::size_t> first_seen;
  bool first = true;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto start = line.find_first_not_of(blanks);
    if (start == std::string::npos || line[start] == '#')
      continue;
    const std::string where = fmt::format("{}:{}", name, number);
    listed entry = entry_of(line, where);
    if (std::exchange(first, false) && is_header(entry))
      continue;
    const auto [seen, fresh] = first_seen.try_emplace(entry.path, number);
    if (!fresh)
      throw error(errc::settings,
                  fmt::format("{}: '{}' is listed twice, first in line {}", where, entry.path, seen->second));
    entries.push_back(std::move(entry));
  }
  return entries;
}

} // namespace fugato
