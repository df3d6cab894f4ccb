// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/aliases.hpp"

#include "config/csv.hpp"
#include "config/error.hpp"
#include "config/read_text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace fugato {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  return std::string(first == std::string_view::npos ? ""
                                                     : text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

} // namespace

alias parse_alias(const std::string& text) {
  const auto equals = text.find('=');
  alias result{trimmed(std::string_view(text).substr(0, equals)),
               equals == std::string::npos ? "" : trimmed(std::string_view(text).substr(equals + 1))};
  if (equals == std::string::npos || result.first.empty())
    throw error(errc::usage, fmt::format("must be of the form GENRE=LABEL, found '{}'", text));
  return result;
}

std::vector<alias> read_aliases(const std::string& path) {
  std::vector<alias> result;
  try {
    csv_reader csv(read_text(path, errc::settings), path);
    for (std::vector<std::string_view> fields; csv.next(fields);) {
      const std::string genre = trimmed(fields.front());
      if (genre.starts_with('#'))
        continue;
      if (fields.size() != 2 || genre.empty())
        throw error(errc::settings, fmt::format("{}: line {}: must be a genre and its label, `genre,label`, found {} "
                                                "field{}",
                                                path, csv.line(), fields.size(), fields.size() == 1 ? "" : "s"));
      result.emplace_back(genre, trimmed(fields[1]));
    }
  } catch (const error& e) {
    throw error(errc::settings, e.what()); // the CSV reader blames tables
  }
  return result;
}

} // namespace fugato
