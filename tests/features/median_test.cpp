// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/median.hpp"

#include "features/matrix.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace fugato;

TEST_CASE("the running median is the middle of each 31 sorted values, in every lane") {
  constexpr std::size_t n = 160;
  aligned_vector<lanes> x(n + 30);
  aligned_vector<lanes> out(n);
  for (std::size_t l = 0; l < lane_count; ++l) {
    const auto noise = tones::noise(n + 30, l + 7);
    for (std::size_t i = 0; i < noise.size(); ++i)
      x[i][l] = l == 3 ? std::round(4 * noise[i]) : noise[i]; // the last lane has many equal values
  }
  running_median({x.data(), x.size()}, {out.data(), out.size()});
  for (std::size_t l = 0; l < lane_count; ++l)
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<float> window;
      for (std::size_t j = 0; j < median_width; ++j)
        window.push_back(x[i + j][l]);
      std::sort(window.begin(), window.end());
      REQUIRE(out[i][l] == window[15]);
    }
}

TEST_CASE("a mirrored index repeats the ends and goes to and fro") {
  std::vector<std::size_t> places;
  for (std::ptrdiff_t i = -5; i < 8; ++i)
    places.push_back(mirrored(i, 3));
  CHECK(places == std::vector<std::size_t>{1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1});
  CHECK(mirrored(-15, 1) == 0);
}
