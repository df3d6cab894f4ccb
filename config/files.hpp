// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Outputs appear whole or not at all: written under another name in the same
/// folder, flushed to the medium, renamed.
namespace fugato {

/// A symbolic link stays, the file it leads to is replaced; what is no regular
/// file (a device, a FIFO, `/dev/stdout`) is written to directly.
/// @throws error(output) naming the path and the system's reason.
void write_file(const std::string& path, std::string_view content);

/// A folder in the making: files go to `path()`; `commit` gives it its final
/// name. Without `commit`, the destructor removes what was written.
class staged_folder {
public:
  /// @param replace an existing `target` gives way at `commit` if it is a run folder
  ///        of Fugato: its `manifest.json` is an object with `format`, `versions` and
  ///        `table_sha256`.
  /// @throws error(usage) when `target` exists and may not be replaced, names no
  ///         folder (`/`, `.`, `..`) or holds the current one,
  ///         error(output) when its parent cannot be written.
  staged_folder(std::string target, bool replace);
  ~staged_folder();
  staged_folder(const staged_folder&) = delete;
  staged_folder& operator=(const staged_folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& target() const { return target_; }

  /// @throws error(output) when `target` has appeared meanwhile and may not be
  ///         replaced, or cannot be written; what was staged then stays at `path()`,
  ///         which the sentence names.
  void commit();

private:
  [[noreturn]] void keep(const std::string& why);

  std::string target_;
  std::string path_;
  bool replace_;
  bool settled_ = false; ///< committed, or kept for the user
};

} // namespace fugato
