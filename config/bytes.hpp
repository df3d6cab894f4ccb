// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Values one behind the other as they lie in memory: for files that only this machine reads.
namespace fugato {

class byte_packer {
public:
  template <class T>
  byte_packer& operator<<(const T& x) {
    text_.append(reinterpret_cast<const char*>(&x), sizeof x);
    return *this;
  }
  byte_packer& operator<<(const std::string& x) {
    *this << static_cast<std::uint32_t>(x.size());
    text_ += x;
    return *this;
  }
  byte_packer& operator<<(std::span<const float> x) {
    *this << static_cast<std::uint32_t>(x.size());
    text_.append(reinterpret_cast<const char*>(x.data()), x.size_bytes());
    return *this;
  }
  const std::string& text() const { return text_; }

private:
  std::string text_;
};

/// The inverse; what is announced is not believed before it is there.
class byte_unpacker {
public:
  /// @param wrong makes the error that is thrown for bytes that are none
  byte_unpacker(std::string_view bytes, std::function<error()> wrong) : left_(bytes), wrong_(std::move(wrong)) {}

  template <class T>
  T take() {
    T result{};
    std::memcpy(&result, bytes(sizeof result).data(), sizeof result);
    return result;
  }
  std::string text() { return std::string(bytes(take<std::uint32_t>())); }
  std::vector<float> floats() {
    const std::string_view raw = bytes(std::uint64_t{take<std::uint32_t>()} * sizeof(float));
    std::vector<float> result(raw.size() / sizeof(float));
    if (!raw.empty())
      std::memcpy(result.data(), raw.data(), raw.size());
    return result;
  }
  [[noreturn]] void fail() const { throw wrong_(); }

private:
  std::string_view bytes(std::uint64_t n) {
    if (n > left_.size())
      fail();
    const std::string_view result = left_.substr(0, n);
    left_.remove_prefix(n);
    return result;
  }

  std::string_view left_;
  std::function<error()> wrong_;
};

} // namespace fugato
