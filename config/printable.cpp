// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace fugato {
namespace {

/// What stands at the front of a text: a character, or a byte that begins none.
struct character {
  std::string_view bytes;
  std::optional<char32_t> code;
};

/// Bytes of the UTF-8 sequence that @p lead begins; 0 when it begins none.
std::size_t sequence_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

/// Unicode 15, section 3.9: overlong forms, surrogates and what lies beyond U+10FFFF are ill-formed.
character first_of(std::string_view text) {
  const character alone{text.substr(0, 1), std::nullopt};
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size())
    return alone;
  constexpr std::array<unsigned, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = lead & lead_bits[length];
  for (const char c : text.substr(1, length - 1)) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80)
      return alone;
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < least[length] || surrogate || code > 0x10FFFF ? alone : character{text.substr(0, length), code};
}

struct range {
  char32_t first, last;
};

/// Controls, separators of lines, and marks that turn the direction of writing (UAX #9).
constexpr std::array<range, 8> harmful{{{0, 0x1F},
                                        {0x7F, 0x9F},
                                        {0x61C, 0x61C},
                                        {0x200E, 0x200F},
                                        {0x2028, 0x202E},
                                        {0x2066, 0x2069},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFFE, 0xFFFF}}};

constexpr std::array<char32_t, 8> formula_starts{'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};

bool is_harmful(char32_t code) {
  return std::any_of(harmful.begin(), harmful.end(), [&](range r) { return code >= r.first && code <= r.last; });
}

bool starts_formula(char32_t code) {
  return std::find(formula_starts.begin(), formula_starts.end(), code) != formula_starts.end();
}

std::string escaped(char32_t code) {
  return code == '\n' ? "\\n" : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
}

std::string shown(const character& c) {
  if (!c.code)
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(c.bytes.front()));
  return is_harmful(*c.code) ? escaped(*c.code) : std::string(c.bytes);
}

} // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string result;
  while (!text.empty()) {
    const character c = first_of(text);
    const std::string piece = shown(c);
    if (piece.size() > most - result.size())
      return result + "...";
    result += piece;
    text.remove_prefix(c.bytes.size());
  }
  return result;
}

std::string printable_cell(std::string_view text) {
  if (text.empty())
    return "";
  const character c = first_of(text);
  const bool formula = c.code && starts_formula(*c.code);
  return formula ? escaped(*c.code) + printable(text.substr(c.bytes.size())) : printable(text);
}

std::string printable_name(std::string_view text) {
  std::string doubled;
  for (const char c : text)
    doubled.append(c == '\\' ? 2 : 1, c);
  return printable_cell(doubled);
}

} // namespace fugato
