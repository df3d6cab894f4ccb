// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/hash.hpp"

#include "config/error.hpp"

#include <openssl/evp.h>

#include <array>

namespace fugato {

std::string sha256_hex(std::span<const std::byte> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw error(errc::internal, "OpenSSL must offer SHA-256, but refused it");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (unsigned i = 0; i < size; ++i) {
    result += digits[digest[i] >> 4U];
    result += digits[digest[i] & 15U];
  }
  return result;
}

std::string sha256_hex(std::string_view text) { return sha256_hex(std::as_bytes(std::span(text))); }

} // namespace fugato
