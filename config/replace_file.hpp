// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// Other people's files, changed in place of being written anew.
namespace fugato {

/// A regular file as it is found. Times are of its content [ns since 1970].
struct file_state {
  std::string path; ///< without symbolic links
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 1; ///< names that the file has (hard links)
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  bool writable = true; ///< whether its mode lets anybody write, and this user is one who may

  friend bool operator==(const file_state&, const file_state&) = default;
};

/// Follows symbolic links. @throws error not_found, permission, not_regular
file_state state_of(const std::string& path);

/// Gives a file new content: written beside it under a hidden name, flushed to the medium, renamed over it, so that at
/// any moment the file is the old or the new one. Mode, owner, access lists and extended attributes stay; inode and
/// time of birth do not, and a further hard link keeps the old content.
/// @param was as the file must still be
/// @param modified_ns its time of modification; none: now
/// @throws error(output) when it cannot be written, its attributes cannot be kept, or it has changed meanwhile: it is
///         then as before
void replace_content(const file_state& was, std::span<const std::byte> content,
                     std::optional<std::int64_t> modified_ns);

} // namespace fugato
