// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fugato {

/// Bytes that wait until they are asked for: the first ones in memory, all once they are
/// many in a file without a name, which is gone with the process however that ends. By one
/// thread at a time.
class spool {
public:
  /// @param folder for the file; empty: all stays in memory
  explicit spool(std::string folder);
  ~spool();
  spool(const spool&) = delete;
  spool& operator=(const spool&) = delete;

  /// @returns where the bytes begin. @throws error(output) naming the folder, when it has no room
  std::uint64_t append(std::string_view bytes);

  /// Of what was appended. @throws error(output) when the medium fails
  void read(std::uint64_t at, char* to, std::size_t size) const;

private:
  void write_out();
  [[noreturn]] void fail(const char* what) const;

  std::string folder_;
  int fd_ = -1;
  std::uint64_t written_ = 0;
  std::string waiting_; ///< behind what is written
};

} // namespace fugato
