// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Outputs appear whole or not at all: written under another name in the same
/// folder, flushed to the medium, renamed.
namespace fugato {

/// @throws error(output) naming the path and the system's reason.
void write_file(const std::string& path, std::string_view content);

/// A folder in the making: files go to `path()`; `commit` gives it its final
/// name. Without `commit`, the destructor removes what was written.
class staged_folder {
public:
  /// @param replace an existing `target` that holds a `manifest.json` (so that
  ///        only results of Fugato are ever replaced) gives way at `commit`.
  /// @throws error(usage) when `target` exists and may not be replaced,
  ///         error(output) when its parent cannot be written.
  staged_folder(std::string target, bool replace);
  ~staged_folder();
  staged_folder(const staged_folder&) = delete;
  staged_folder& operator=(const staged_folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& target() const { return target_; }

  void commit();

private:
  std::string target_;
  std::string path_;
  bool committed_ = false;
};

} // namespace fugato
