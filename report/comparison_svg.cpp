// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_svg.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fugato {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 sequence at the front, 0 when there is none. Overlong forms and surrogates pass: a browser
/// replaces those itself.
std::size_t sequence(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size() || (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
      return 0;
  return length;
}

} // namespace

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    switch (length == 0 ? '\0' : text.front()) {
    case '\0':
      result += replacement;
      break;
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

std::string element(std::string_view name, attributes attrs, const std::string& content) {
  std::string result = fmt::format("<{}", name);
  for (const auto& [key, value] : attrs)
    result += fmt::format(" {}=\"{}\"", key, escaped(value));
  return result + fmt::format(">{}</{}>", content, name);
}

std::string tooltip(const std::string& text) { return element("title", {}, escaped(text)); }

std::string percent(double part) { return fmt::format("{:.5g}%", 100 * part); }

std::string pixels(double x) { return fmt::format("{:.5g}", x); }

std::vector<double> round_ticks(double high, int count) {
  if (!(high > 0) || !std::isfinite(high))
    return {0, 1};
  const double rough = high / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double digit = rough / power;
  const double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  std::vector<double> result;
  for (int i = 0; result.empty() || result.back() < high * (1 - 1e-9); ++i)
    result.push_back(i * step);
  return result;
}

} // namespace fugato
