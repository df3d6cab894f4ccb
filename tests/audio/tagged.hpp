// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/tags.hpp"
#include "tests/audio/samples.hpp"

#include <string>
#include <vector>

/// Tagged music for tests.
namespace fugato::test {

/// A text frame of ID3v2.3, in Latin 1.
inline std::string id3_frame(const std::string& id, const std::string& text) {
  const std::size_t size = text.size() + 1;
  std::string result = id;
  for (int shift = 24; shift >= 0; shift -= 8)
    result += static_cast<char>(size >> shift & 0xFFU);
  return result + std::string(3, '\0') + text;
}

/// An ID3v2.3 tag without padding.
inline std::string id3_tag(const std::string& frames) {
  std::string result = "ID3\x03" + std::string(2, '\0');
  for (int shift = 21; shift >= 0; shift -= 7)
    result += static_cast<char>(frames.size() >> shift & 0x7FU);
  return result + frames;
}

/// A field of an ID3v1 tag.
inline std::string padded(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}

inline std::vector<std::byte> joined(const std::string& front, const std::vector<std::byte>& middle,
                                     const std::string& back = "") {
  std::vector<std::byte> result;
  for (const char c : front)
    result.push_back(static_cast<std::byte>(c));
  result.insert(result.end(), middle.begin(), middle.end());
  for (const char c : back)
    result.push_back(static_cast<std::byte>(c));
  return result;
}

} // namespace fugato::test
