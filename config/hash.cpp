// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/hash.hpp"

#include "config/error.hpp"

#include <openssl/evp.h>

#include <array>

namespace fugato {

namespace {

[[noreturn]] void refused() { throw error(errc::internal, "OpenSSL must offer SHA-256, but refused it"); }

} // namespace

struct sha256::state {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

sha256::sha256() : state_(std::make_unique<state>()) {
  if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
    refused();
}

sha256::~sha256() = default;

void sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1)
    refused();
}

std::string sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) != 1)
    refused();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (unsigned i = 0; i < size; ++i) {
    result += digits[digest[i] >> 4U];
    result += digits[digest[i] & 15U];
  }
  return result;
}

std::string sha256_hex(std::string_view text) {
  sha256 all;
  all.update(text);
  return all.hex();
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  return sha256_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

} // namespace fugato
