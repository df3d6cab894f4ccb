// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Outputs appear whole or not at all: written under another name in the same
/// folder, flushed to the medium, renamed.
namespace fugato {

/// Ends the process as SIGPIPE does by default: who read what it prints has gone away, and
/// that is no error. The program ignores the signal otherwise, so that a closed stderr ends no run.
[[noreturn]] void end_by_closed_pipe();

/// A symbolic link stays, the file it leads to is replaced; what is no regular
/// file (a device, a FIFO, `/dev/stdout`) is written to directly.
/// @throws error(output) naming the path and the system's reason.
void write_file(const std::string& path, std::string_view content);

/// A file that is written piece by piece, and as `write_file` would at once: it appears at
/// `commit`. Without, nothing is left; only what is no regular file has had its bytes already.
class file_writer {
public:
  /// @param durable whether it is to survive the death of the machine once it has appeared
  /// @throws error(output) as all of these
  explicit file_writer(std::string path, bool durable = true);
  ~file_writer();
  file_writer(const file_writer&) = delete;
  file_writer& operator=(const file_writer&) = delete;

  void write(std::string_view text);
  void commit();

private:
  void write_out();

  std::string path_;
  std::string place_;     ///< what `path_` leads to
  std::string temporary_; ///< empty where the path is written to directly
  int fd_ = -1;
  bool durable_;
  std::string waiting_;
};

/// Removes what `file_writer`s and `staged_folder`s of this process have begun: for an end at once.
void remove_unfinished();

/// Whether files can be made in a folder, before work begins that would be lost.
/// @throws error(output) naming it and the system's reason
void check_writable(const std::string& folder);

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
  void settle();

  std::string target_;
  std::string path_;
  bool replace_;
  bool settled_ = false; ///< committed, or kept for the user
};

} // namespace fugato
