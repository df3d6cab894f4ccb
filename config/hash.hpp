// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace fugato {

/// SHA-256 as 64 hexadecimal digits.
std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);

/// The same of bytes that come piece by piece.
class sha256 {
public:
  sha256();
  ~sha256();
  void update(std::string_view bytes);
  /// Of all that came; to be asked once.
  std::string hex();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace fugato
