// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace fugato {

std::string base64(std::string_view bytes) {
  constexpr std::size_t part = 3 << 20; // whole groups of 3; OpenSSL counts in int
  std::string result;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(part, bytes.size()))) {
    const std::string_view piece = bytes.substr(0, part);
    const std::size_t at = result.size();
    result.resize(at + (piece.size() + 2) / 3 * 4 + 1); // it writes a final 0
    const int written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()) + at,
                        reinterpret_cast<const unsigned char*>(piece.data()), static_cast<int>(piece.size()));
    result.resize(at + static_cast<std::size_t>(written));
  }
  return result;
}

} // namespace fugato
