// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "actors/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// What is known of a track whose file has certain bytes.
struct known_rows {
  std::vector<float> rows; ///< empty: nothing is known
  std::string warning;     ///< as of `measured`, without the path that it begins with
  track_notes notes;
  bool damaged = false; ///< there was an entry that cannot be used
};

/// Rows of earlier runs, found by the SHA-256 of the file's bytes and of all that rows
/// depend on besides: the settings of a line, `feature_version`, the versions of compiler
/// and libraries. Failed tracks are not kept.
///
/// An entry is a file that appears whole and holds its own SHA-256, so that several runs may
/// read and write at once, and one that a dying machine or a bad medium has spoilt is noticed.
/// Nothing is synced: what is lost is measured again. May be used by several threads.
class feature_cache {
public:
  feature_cache(const std::string& folder, line_settings settings);

  known_rows find(const std::string& content) const;

  /// @throws error(output) when the entry cannot be written
  void keep(const std::string& content, const known_rows& x) const;

  /// Where an entry lies. @param content SHA-256 of the file's bytes
  std::string path_of(const std::string& content) const;

private:
  std::string made_by_; ///< all but the file that rows depend on
  std::string key_;     ///< its SHA-256
  std::string folder_;  ///< of the entries that have it in common
  std::size_t width_;
};

/// Makes the folder if it is not there, and marks it as a cache (CACHEDIR.TAG).
/// @returns its absolute path
/// @throws error(output) when it cannot be made, error(usage) when it is full of something else
std::string open_cache(const std::string& folder);

/// The entries that were made with the same settings.
struct cache_part {
  std::string folder;
  std::string made_by;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

/// What is in a cache. @throws error(usage) for a folder that is none
std::vector<cache_part> cache_parts(const std::string& folder);

/// Removes entries, those first that were of no use for the longest time, until at most so
/// many bytes are left, and what dying writers have left. Safe while runs use the cache.
/// @returns how many were removed. @throws error(usage) for a folder that is none
std::uint64_t shrink_cache(const std::string& folder, std::uint64_t bytes);

} // namespace fugato
