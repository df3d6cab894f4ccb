// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/colour_map.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

/// Relative luminance of sRGB (IEC 61966-2-1).
double luminance(colour c) {
  const auto linear = [](std::uint8_t x) {
    const double v = x / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

bool same(colour a, int red, int green, int blue) { return a.red == red && a.green == green && a.blue == blue; }

} // namespace

TEST_CASE("maps begin and end as published") {
  const colour_map& magma = colour_maps().at("magma");
  CHECK(same(magma.colours.front(), 0, 0, 4));
  CHECK(same(magma.colours.back(), 252, 253, 191));
  const colour_map& viridis = colour_maps().at("viridis");
  CHECK(same(viridis.colours.front(), 68, 1, 84));
  CHECK(same(viridis.colours.back(), 253, 231, 37));
  const colour_map& rdbu = colour_maps().at("rdbu");
  CHECK(same(rdbu.colours.front(), 103, 0, 31));
  CHECK(same(rdbu.colours.back(), 5, 48, 97));
  const colour middle = colour_of(rdbu, 0.5); // 247, 247, 247 lies between two of 256 colours
  CHECK(middle.red >= 244);
  CHECK(middle.green >= 244);
  CHECK(middle.blue >= 244);
}

TEST_CASE("magma and viridis become ever lighter") {
  for (const char* name : {"magma", "viridis"}) {
    const auto& colours = colour_maps().at(name).colours;
    for (std::size_t i = 8; i < colours.size(); i += 8)
      CHECK(luminance(colours[i]) > luminance(colours[i - 8]));
  }
}

TEST_CASE("shares beyond the ends, and what is no number, have the colours of the ends") {
  const colour_map& magma = colour_maps().at("magma");
  CHECK(same(colour_of(magma, -3), 0, 0, 4));
  CHECK(same(colour_of(magma, 7), 252, 253, 191));
  CHECK(same(colour_of(magma, NAN), 0, 0, 4));
}
