// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/clip.hpp"
#include "tests/audio/samples.hpp"

#include <algorithm>

/// Decoding, looked at from the tests.
namespace fugato::test {

inline double greatest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double result = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    result = std::max(result, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return result;
}

inline audio_settings partial() {
  audio_settings settings;
  settings.on_damage = "partial";
  return settings;
}

/// The reason code that decoding ends with; its sentence must begin with the name.
inline std::string_view reason(std::span<const std::byte> bytes, const audio_settings& settings = {}) {
  const error e = caught([&] { decode(bytes, "folder/x.wav", settings); });
  CAPTURE(e.what());
  CHECK(std::string(e.what()).starts_with("folder/x.wav: "));
  CHECK(std::string(e.what()).find('\n') == std::string::npos);
  return e.kind().name;
}

inline std::string_view reason(const std::string& text) { return reason(std::as_bytes(std::span(text))); }

inline std::vector<std::byte> cut_off(std::vector<std::byte> bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

} // namespace fugato::test
