// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/track_files.hpp"

#include "audio/corpus.hpp"
#include "config/csv.hpp"
#include "config/read_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

/// `./blues\a.WAV` -> `blues/a`.
std::string without_extension(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '\\', '/');
  while (result.starts_with("./"))
    result.erase(0, 2);
  if (has_audio_extension(result))
    result.erase(result.rfind('.'));
  return result;
}

std::string stem_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Whether one of two different paths ends in the other, folder by folder.
bool is_tail(std::string_view a, std::string_view b) {
  if (a.size() < b.size())
    std::swap(a, b);
  return a.ends_with(b) && a.size() > b.size() && a[a.size() - b.size() - 1] == '/';
}

} // namespace

std::vector<named_track> read_track_list(const std::string& path, errc blame) {
  std::istringstream text(read_text(path, blame));
  std::vector<named_track> result;
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    std::string_view name = line;
    if (++number == 1 && name.starts_with("\xEF\xBB\xBF"))
      name.remove_prefix(3);
    name = trimmed(name);
    if (!name.empty() && name.front() != '#')
      result.push_back({std::string(name), number});
  }
  if (result.empty())
    throw error(blame, path + ": must name at least one track, found none");
  return result;
}

std::vector<grouped_track_name> read_track_groups(const std::string& path, errc blame) {
  std::vector<grouped_track_name> result;
  try {
    csv_reader csv(read_text(path, blame), path);
    std::vector<std::string_view> fields;
    for (bool first = true; csv.next(fields); first = false) {
      const bool header = first && fields.size() == 2 && trimmed(fields[0]) == "track" && trimmed(fields[1]) == "group";
      if (header || trimmed(fields[0]).starts_with('#'))
        continue;
      if (fields.size() != 2 || trimmed(fields[0]).empty() || trimmed(fields[1]).empty())
        throw error(blame, fmt::format("{}: line {}: must be a track and its group, `track,group`, found {} field{}{}",
                                       path, csv.line(), fields.size(), fields.size() == 1 ? "" : "s",
                                       fields.size() == 2 ? ", one of them empty" : ""));
      result.push_back({{std::string(trimmed(fields[0])), csv.line()}, std::string(trimmed(fields[1]))});
    }
  } catch (const error& e) {
    throw error(blame, e.what()); // the CSV reader blames tables
  }
  if (result.empty())
    throw error(blame, path + ": must name the group of at least one track, found none");
  return result;
}

track_finder::track_finder(const dataset& table) : table_(table) {
  for (std::uint32_t i = 0; i < table.track_names.size(); ++i) {
    by_name_.emplace(table.track_names[i], i);
    by_stem_.emplace(stem_of(without_extension(table.track_names[i])), i);
  }
}

std::optional<std::uint32_t> track_finder::find(std::string_view name) const {
  // a library may have thousands of tracks called "01"
  if (const auto [same, end] = by_name_.equal_range(name); same != end && std::next(same) == end)
    return same->second;
  const std::string wanted = without_extension(name);
  int best = 0;
  std::vector<std::uint32_t> found;
  const auto [first, last] = by_stem_.equal_range(stem_of(wanted));
  for (auto it = first; it != last; ++it) {
    const std::string& candidate = table_.track_names[it->second];
    const std::string bare = without_extension(candidate);
    const int likeness = candidate == name ? 3 : bare == wanted ? 2 : is_tail(bare, wanted) ? 1 : 0;
    if (likeness > best)
      found.clear();
    best = std::max(best, likeness);
    if (likeness == best && likeness > 0)
      found.push_back(it->second);
  }
  if (found.size() > 1)
    throw error(errc::bad_table,
                fmt::format("the name '{}' must mean one track of the table, but it means '{}' and '{}'", name,
                            table_.track_names[found[0]], table_.track_names[found[1]]));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

} // namespace fugato
