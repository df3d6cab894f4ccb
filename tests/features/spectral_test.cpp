// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/spectral.hpp"

#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace fugato;

namespace {

/// All frames alike; `level` of a bin.
matrix filled(std::size_t bins, std::size_t frames, const std::function<float(std::size_t)>& level) {
  matrix m;
  m.reshape(bins, frames);
  for (std::size_t k = 0; k < bins; ++k)
    for (std::size_t t = 0; t < m.stride(); ++t)
      m.row(k)[t] = t < frames ? level(k) : 0;
  return m;
}

constexpr double bin_hz = 22050.0 / 2048;

} // namespace

TEST_CASE("magnitude is the square root of power and peak the largest value") {
  const matrix power = filled(5, 3, [](std::size_t k) { return static_cast<float>(k * k); });
  matrix m;
  magnitude(power, m);
  CHECK(m[4][2] == 4);
  CHECK(peak(power) == 16);
  CHECK(peak(filled(2, 2, [](std::size_t) { return 0.0f; })) == 0);
}

TEST_CASE("levels are counted from the peak down to 80 dB") {
  const std::vector<float> row{100, 1, 1e-9f, 0};
  std::vector<float> out(4);
  decibels_below(100, 10, 1e-10f, row, out);
  CHECK(out[0] == 0);
  CHECK(out[1] == doctest::Approx(-20));
  CHECK(out[2] == -80);
  CHECK(out[3] == -80);
  decibels_below(0, 20, 1e-5f, std::vector<float>{0}, std::span(out).first(1));
  CHECK(out[0] == 0); // all of silence is at its peak
}

TEST_CASE("the centroid of one line is its frequency and bandwidths are 0") {
  const matrix m = filled(1025, 20, [](std::size_t k) { return k == 100 ? 3.0f : 0.0f; });
  std::vector<float> c(20);
  std::vector<float> b(20);
  spectral_centroid(m, bin_hz, c);
  for (const unsigned p : {2u, 3u, 4u}) {
    spectral_bandwidth(m, bin_hz, c, p, b);
    for (std::size_t t = 0; t < 20; ++t) {
      CHECK(c[t] == doctest::Approx(100 * bin_hz));
      CHECK(b[t] == doctest::Approx(0).epsilon(1e-3));
    }
  }
}

TEST_CASE("two equal lines have their middle as centroid and half their distance as every bandwidth") {
  const matrix m = filled(1025, 17, [](std::size_t k) { return k == 100 || k == 300 ? 1.0f : 0.0f; });
  std::vector<float> c(17);
  std::vector<float> b(17);
  spectral_centroid(m, bin_hz, c);
  CHECK(c[16] == doctest::Approx(200 * bin_hz));
  for (const unsigned p : {2u, 3u, 4u}) {
    spectral_bandwidth(m, bin_hz, c, p, b);
    CHECK(b[0] == doctest::Approx(100 * bin_hz).epsilon(1e-6));
    CHECK(b[16] == doctest::Approx(100 * bin_hz).epsilon(1e-6));
  }
}

TEST_CASE("a flat spectrum reaches 85 % of its magnitude at 85 % of its bins") {
  const matrix m = filled(100, 1, [](std::size_t) { return 1.0f; });
  std::vector<float> out(1);
  spectral_rolloff(m, 1, out);
  CHECK(out[0] == 84); // 0.85 of 100 bins, the first being bin 0
}

TEST_CASE("silence has centroid, bandwidth and rolloff 0 and is flat") {
  const matrix m = filled(1025, 3, [](std::size_t) { return 0.0f; });
  std::vector<float> out(3, 1);
  const std::vector<float> zeros(3);
  spectral_centroid(m, bin_hz, out);
  CHECK(out == zeros);
  spectral_bandwidth(m, bin_hz, zeros, 2, out);
  CHECK(out == zeros);
  spectral_rolloff(m, bin_hz, out);
  CHECK(out == zeros);
  spectral_flatness(m, out);
  for (const float x : out)
    CHECK(x == doctest::Approx(1));
}

TEST_CASE("flatness is the geometric by the arithmetic mean") {
  // Half the bins 1, half 4: sqrt(4) / 2.5.
  const matrix m = filled(1024, 2, [](std::size_t k) { return k % 2 == 0 ? 1.0f : 4.0f; });
  std::vector<float> out(2);
  spectral_flatness(m, out);
  CHECK(out[0] == doctest::Approx(0.8));
}

TEST_CASE("contrast is the difference in level between the strongest and the weakest of a band") {
  // Every tenth bin, so more than 2 % of each band, is 20 dB above the others.
  const matrix m = filled(1025, 5, [](std::size_t k) { return k % 10 == 0 ? 100.0f : 1.0f; });
  std::vector<float> scratch(1025 + 7 * 5);
  std::vector<float> out(7 * 5);
  spectral_contrast(m, bin_hz, scratch, out);
  for (const float x : out)
    CHECK(x == doctest::Approx(20));
}

TEST_CASE("contrast needs bins enough below half the rate") {
  CHECK(contrast_fits(22050, 2048));
  CHECK(contrast_fits(12801, 2048));
  CHECK_FALSE(contrast_fits(12800, 2048));
  CHECK_FALSE(contrast_fits(22050, 64));
}
