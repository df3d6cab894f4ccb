// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/row_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace fugato {
namespace {

constexpr std::array<std::string_view, 24> audio_extensions{"wav", "wave", "au",  "snd",  "mp3",  "mp2", "flac", "ogg",
                                                            "oga", "opus", "aif", "aiff", "aifc", "caf", "m4a",  "mp4",
                                                            "aac", "wma",  "w64", "rf64", "webm", "voc", "sph",  "mka"};

bool is_audio_extension(std::string_view token) {
  std::string lower(token);
  for (char& c : lower)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(audio_extensions.begin(), audio_extensions.end(), lower) != audio_extensions.end();
}

bool is_number(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A name cut at its last dot; `head` is empty when there is none.
struct cut_name {
  std::string_view head;
  std::string_view tail;
};

cut_name cut_last(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos)
    return {{}, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

std::optional<std::uint32_t> to_chunk(std::string_view digits) {
  std::uint32_t chunk = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), chunk).ec != std::errc{})
    return std::nullopt;
  return chunk;
}

} // namespace

row_name parse_row_name(std::string_view name) {
  const bool has_extension = is_audio_extension(cut_last(name).tail) && !cut_last(name).head.empty();
  const std::string_view stem = has_extension ? cut_last(name).head : name;
  const auto [track, last] = cut_last(stem);
  const auto [rest, before] = cut_last(track);
  const bool ours = !has_extension && is_audio_extension(before) && !rest.empty();
  const bool two_numbers = is_number(before);
  if (!is_number(last) || !(ours || two_numbers))
    return {name, std::nullopt};
  const auto chunk = to_chunk(last);
  return {chunk ? track : name, chunk};
}

} // namespace fugato
