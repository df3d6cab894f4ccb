// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/png.hpp"

#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <png.h>
#include <vector>

using namespace fugato;

namespace {

struct pixels {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<png_byte> rgb;
  colour at(std::size_t x, std::size_t y) const {
    const png_byte* p = rgb.data() + 3 * (y * width + x);
    return {p[0], p[1], p[2]};
  }
};

pixels read_back(const std::string& bytes) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) != 0);
  image.format = PNG_FORMAT_RGB;
  pixels result{image.width, image.height, std::vector<png_byte>(PNG_IMAGE_SIZE(image))};
  REQUIRE(png_image_finish_read(&image, nullptr, result.rgb.data(), 0, nullptr) != 0);
  return result;
}

bool same(colour a, colour b) { return a.red == b.red && a.green == b.green && a.blue == b.blue; }

} // namespace

TEST_CASE("a picture has a pixel a value, row 0 at the bottom") {
  const colour_map& map = colour_maps().at("magma");
  const pixels x = read_back(png_of({2, 3, {0, 1, 2, 3, 4, 5}}, 0, 5, map));
  CHECK(x.width == 3);
  CHECK(x.height == 2);
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(same(x.at(i % 3, 1 - i / 3), colour_of(map, static_cast<double>(i) / 5)));
}

TEST_CASE("values beyond the ends have their colours") {
  const colour_map& map = colour_maps().at("viridis");
  const pixels x = read_back(png_of({1, 4, {-9, 9, NAN, INFINITY}}, 0, 1, map, 2));
  CHECK(same(x.at(0, 0), map.colours.front()));
  CHECK(same(x.at(1, 0), map.colours.back()));
  CHECK(same(x.at(2, 0), map.colours.front()));
  CHECK(same(x.at(3, 0), map.colours.back()));
}

TEST_CASE("a picture without pixels, or of odd levels, is refused") {
  const colour_map& map = colour_maps().at("magma");
  CHECK(sentence(errc::internal, [&] { png_of({}, 0, 1, map); }) ==
        "a picture must have pixels and 2 to 256 levels; it is 0 x 0 of 256");
  CHECK(sentence(errc::internal, [&] { png_of({1, 1, {0}}, 0, 1, map, 300); }) != "no error");
}

TEST_CASE("bytes become an address") { CHECK(data_uri("image/png", "foo") == "data:image/png;base64,Zm9v"); }
