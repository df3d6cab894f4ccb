// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Files that say something about tracks, and how their names find a table's.
namespace fugato {

/// A name that stands in a file, and on which line, for errors.
struct named_track {
  std::string name;
  std::size_t line = 0;
};

/// A list of tracks, one a line, as the fault-filtered lists of GTZAN are:
/// `blues/blues.00029.wav`. Blank lines and those that begin with `#` are skipped.
/// @throws error(blame) when the file cannot be read or names no track.
std::vector<named_track> read_track_list(const std::string& path, errc blame);

struct grouped_track_name {
  named_track track;
  std::string group;
};

/// Lines `track,group` (CSV), e.g. each track's artist; a first line `track,group`
/// is a header, lines that begin with `#` are skipped.
/// @throws error(blame) when the file cannot be read, a line has no two fields that
///         are not empty, or there is none.
std::vector<grouped_track_name> read_track_groups(const std::string& path, errc blame);

/// Finds tracks of a table by names that others gave them. Audio extensions do not
/// count (`blues.00000.au` is `blues.00000.wav` and `blues.00000`), nor do folders
/// that only one side names (`blues/blues.00000.wav` is `blues.00000.wav`). A name
/// that is equal to the letter goes before one that is so but for the extension,
/// and that before one that lacks folders.
class track_finder {
public:
  /// The table must outlive it.
  explicit track_finder(const dataset& table);

  /// Index into `track_names`; nothing when the table has no such track.
  /// @throws error(bad_table) when the name means several tracks equally well.
  std::optional<std::uint32_t> find(std::string_view name) const;

private:
  const dataset& table_;
  std::unordered_multimap<std::string_view, std::uint32_t> by_name_;
  std::multimap<std::string, std::uint32_t, std::less<>> by_stem_; ///< file name without folder and extension
};

} // namespace fugato
