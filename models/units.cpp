// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/units.hpp"

#include "config/error.hpp"
#include "models/track_files.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace fugato {
namespace {

using row_list = std::span<const std::uint32_t>;

/// The class that most rows of a unit have; the lowest of equals.
void find_classes(units& x, const dataset& table, row_list rows) {
  if (table.labels.empty())
    return;
  const std::size_t labels = table.label_names.size();
  std::vector<std::uint32_t> votes(x.count * labels, 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    ++votes[x.of_row[i] * labels + table.labels[rows[i]]];
  for (auto first = votes.begin(); first != votes.end(); first += static_cast<std::ptrdiff_t>(labels))
    x.classes.push_back(
        static_cast<std::uint32_t>(std::max_element(first, first + static_cast<std::ptrdiff_t>(labels)) - first));
}

/// @param keys of each row: a name, and whether it is a track's own
units named(std::string_view things, const dataset& table, row_list rows,
            const std::vector<std::pair<std::string_view, bool>>& keys) {
  auto sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  units result{things, sorted.size(), {}, {}, {}};
  for (const auto& key : keys)
    result.of_row.push_back(
        static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), key) - sorted.begin()));
  find_classes(result, table, rows);
  return result;
}

} // namespace

units single_rows(const dataset& table, row_list rows) {
  units result{"rows", rows.size(), std::vector<std::uint32_t>(rows.size()), {}, {}};
  std::iota(result.of_row.begin(), result.of_row.end(), 0U);
  find_classes(result, table, rows);
  return result;
}

units whole_tracks(const dataset& table, row_list rows) {
  std::vector<std::pair<std::string_view, bool>> keys;
  for (const std::uint32_t row : rows)
    keys.emplace_back(table.track_names[table.tracks[row]], true);
  return named("tracks", table, rows, keys);
}

units whole_groups(const dataset& table, row_list rows, const std::string& file) {
  const auto lines = read_track_groups(file, errc::bad_table);
  const track_finder finder(table);
  std::vector<const grouped_track_name*> group_of(table.track_names.size(), nullptr);
  for (const auto& line : lines)
    if (const auto track = finder.find(line.track.name)) {
      const auto*& here = group_of[*track];
      if (here != nullptr && here->group != line.group)
        throw error(errc::bad_table,
                    fmt::format("{}: line {}: a track must be in one group, but '{}' is in '{}' and, "
                                "by line {}, in '{}'",
                                file, line.track.line, line.track.name, line.group, here->track.line, here->group));
      here = &line;
    }
  if (std::all_of(group_of.begin(), group_of.end(), [](const auto* x) { return x == nullptr; }))
    throw error(errc::bad_table, fmt::format("{}: must name tracks of the table, but knows none of them; the table has "
                                             "'{}', the file '{}'",
                                             file, table.track_names.front(), lines.front().track.name));
  std::vector<std::pair<std::string_view, bool>> keys;
  for (const std::uint32_t row : rows) {
    const std::uint32_t track = table.tracks[row];
    const auto* const line = group_of[track];
    keys.emplace_back(line != nullptr ? line->group : table.track_names[track], line == nullptr);
  }
  units result = named("groups", table, rows, keys);
  const auto alone = std::count(group_of.begin(), group_of.end(), nullptr);
  if (alone > 0)
    result.notes.push_back(fmt::format("{} of {} tracks have no group in {}: each counts as a group of its own", alone,
                                       group_of.size(), file));
  return result;
}

} // namespace fugato
