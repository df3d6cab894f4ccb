// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/row_name.hpp"

#include "audio/corpus.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace fugato {
namespace {

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

std::optional<row_name> cut_chunk(std::string_view name) {
  const auto [track, last] = cut_last(name);
  const auto chunk = is_number(last) && !track.empty() ? to_chunk(last) : std::nullopt;
  return chunk ? std::optional(row_name{track, chunk}) : std::nullopt;
}

row_name parse_row_name(std::string_view name) {
  const bool has_extension = has_audio_extension(std::string(name));
  const auto found = cut_chunk(has_extension ? cut_last(name).head : name);
  if (!found)
    return {name, std::nullopt};
  const bool ours = !has_extension && has_audio_extension(std::string(found->track));
  const bool two_numbers = is_number(cut_last(found->track).tail);
  return ours || two_numbers ? *found : row_name{name, std::nullopt};
}

} // namespace fugato
