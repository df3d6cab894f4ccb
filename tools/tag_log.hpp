// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What `fugato tag` has changed, so that it can be taken back to the byte.
namespace fugato {

/// Bytes that differ, as hexadecimal digits: what stood there.
struct byte_run {
  std::uint64_t at = 0; ///< in the old content
  std::string hex;
};

/// How to make an old content out of a new one that has most of its bytes. The two are laid beside each other from
/// their beginnings or from their ends, whichever leaves less to be kept: a tag in front shifts the audio, one
/// behind does not.
struct way_back {
  std::uint64_t size = 0; ///< of the old content [bytes]
  bool from_end = false;
  std::vector<byte_run> runs;
};

way_back difference(std::span<const std::byte> old, std::span<const std::byte> now);

/// @throws error(usage) when the way does not lead from a content of this size
std::vector<std::byte> undone(std::span<const std::byte> now, const way_back& way);

/// A line of the log; written through to the medium before its file is changed.
struct tag_change {
  std::uint32_t format = 1;
  std::string path;                ///< for people
  std::string path_hex;            ///< its bytes
  std::vector<std::string> before; ///< genres
  std::vector<std::string> after;
  std::uint64_t modified_ns = 0; ///< the file's time before [ns since 1970]
  std::string sha256_before;     ///< of the whole file
  std::string sha256_after;
  way_back back;
};

void describe(visitor& v, byte_run& x);
void describe(visitor& v, way_back& x);
void describe(visitor& v, tag_change& x);

/// Bytes as hexadecimal digits and back. @throws error(usage) for a text that is none
std::string to_hex(std::span<const std::byte> bytes);
std::vector<std::byte> from_hex(const std::string& text);

/// Writes a log that does not exist yet.
class tag_log {
public:
  /// @throws error(usage) when the file exists, error(output)
  explicit tag_log(std::string path);
  ~tag_log();
  tag_log(const tag_log&) = delete;
  tag_log& operator=(const tag_log&) = delete;

  /// The line is on the medium when this returns. @throws error(output)
  void append(const tag_change& x);
  const std::string& path() const { return path_; }

private:
  std::string path_;
  int fd_ = -1;
};

/// The lines of a log; a torn last one is left out: its file was not yet changed.
/// @throws error(usage) when the file cannot be read or is no such log, naming the line
std::vector<tag_change> read_tag_log(const std::string& path);

} // namespace fugato
