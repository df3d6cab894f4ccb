// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/colour_map.hpp"

#include "report/picture_assets.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace fugato {
namespace {

/// Six hexadecimal digits a colour.
std::vector<colour> parsed(std::string_view digits) {
  const auto byte = [digits](std::size_t at) {
    std::uint8_t result = 0;
    std::from_chars(digits.data() + at, digits.data() + at + 2, result, 16);
    return result;
  };
  std::vector<colour> result;
  for (std::size_t i = 0; i + 6 <= digits.size(); i += 6)
    result.push_back({byte(i), byte(i + 2), byte(i + 4)});
  return result;
}

/// As many colours as a map has; between those that are given, what lies evenly between.
std::array<colour, 256> spread(std::string_view digits) {
  const std::vector<colour> given = parsed(digits);
  std::array<colour, 256> result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double place = static_cast<double>(i * (given.size() - 1)) / static_cast<double>(result.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const colour a = given[below];
    const colour b = given[std::min(below + 1, given.size() - 1)];
    const auto between = [part = place - std::floor(place)](std::uint8_t x, std::uint8_t y) {
      return static_cast<std::uint8_t>(std::lround((1 - part) * x + part * y));
    };
    result[i] = {between(a.red, b.red), between(a.green, b.green), between(a.blue, b.blue)};
  }
  return result;
}

} // namespace

const catalog<colour_map>& colour_maps() {
  static const catalog<colour_map> all{
      "colour map",
      {
          {"magma", "black, violet, red, pale yellow: perceptually uniform (Matplotlib)", spread(assets::magma)},
          {"viridis", "violet, blue, green, yellow: perceptually uniform (Matplotlib)", spread(assets::viridis)},
          {"rdbu", "red, white, blue: for what has two signs (ColorBrewer)", spread(assets::rdbu)},
      }};
  return all;
}

colour colour_of(const colour_map& map, double share) {
  const double last = static_cast<double>(map.colours.size()) - 1;
  return map.colours[static_cast<std::size_t>(std::lround(last * (share > 0 ? std::min(share, 1.0) : 0.0)))];
}

} // namespace fugato
