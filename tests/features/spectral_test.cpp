// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/spectral.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>

using namespace fugato;

namespace {

constexpr double bin_hz = 22050.0 / 2048;

/// A tile of frames that are all alike; `level` of a bin.
struct sixteen {
  sixteen(std::size_t n, const std::function<float(std::size_t)>& level) : bins(n), values(n * tile) {
    for (std::size_t k = 0; k < n; ++k)
      std::fill_n(values.data() + k * tile, tile, level(k));
    spectral_moments(vectors, values.data(), bins, moments);
  }
  float centroid(std::size_t l) const {
    std::array<float, tile> out;
    spectral_centroid(moments, bin_hz, out.data());
    return out[l];
  }
  float bandwidth(unsigned p, std::size_t l) const {
    std::array<float, 3 * tile> out;
    spectral_bandwidths(vectors, values.data(), bins, moments, bin_hz, out.data(), tile);
    return out[(p - 2) * tile + l];
  }
  float rolloff(std::size_t l) const {
    std::array<float, tile> out;
    spectral_rolloff(vectors, values.data(), bins, moments, 1, out.data());
    return out[l];
  }
  float flatness(std::size_t l) const {
    std::array<float, tile> out;
    spectral_flatness(vectors, values.data(), bins, out.data());
    return out[l];
  }

  const kernels& vectors = best_kernels();
  std::size_t bins;
  aligned_vector<float> values;
  frame_moments moments;
};

} // namespace

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
  const sixteen m(1025, [](std::size_t k) { return k == 100 ? 3.0f : 0.0f; });
  for (std::size_t l = 0; l < tile; ++l) {
    CHECK(m.centroid(l) == doctest::Approx(100 * bin_hz));
    for (const unsigned p : {2u, 3u, 4u})
      CHECK(m.bandwidth(p, l) == doctest::Approx(0).epsilon(1e-3));
  }
}

TEST_CASE("two equal lines have their middle as centroid and half their distance as every bandwidth") {
  const sixteen m(1025, [](std::size_t k) { return k == 100 || k == 300 ? 1.0f : 0.0f; });
  for (std::size_t l = 0; l < tile; ++l) {
    CHECK(m.centroid(l) == doctest::Approx(200 * bin_hz));
    for (const unsigned p : {2u, 3u, 4u})
      CHECK(m.bandwidth(p, l) == doctest::Approx(100 * bin_hz).epsilon(1e-6));
  }
}

TEST_CASE("a flat spectrum reaches 85 % of its magnitude at 85 % of its bins") {
  const sixteen m(100, [](std::size_t) { return 1.0f; });
  for (std::size_t l = 0; l < tile; ++l)
    CHECK(m.rolloff(l) == 84); // 0.85 of 100 bins, the first being bin 0
}

TEST_CASE("silence has centroid, bandwidth and rolloff 0 and is flat") {
  const sixteen m(1025, [](std::size_t) { return 0.0f; });
  for (std::size_t l = 0; l < tile; ++l) {
    CHECK(m.centroid(l) == 0);
    CHECK(m.bandwidth(2, l) == 0);
    CHECK(m.bandwidth(4, l) == 0);
    CHECK(m.rolloff(l) == 0);
    CHECK(m.flatness(l) == doctest::Approx(1));
  }
}

TEST_CASE("flatness is the geometric by the arithmetic mean") {
  // Half the bins 1, half 4: sqrt(4) / 2.5.
  const sixteen m(1024, [](std::size_t k) { return k % 2 == 0 ? 1.0f : 4.0f; });
  for (std::size_t l = 0; l < tile; ++l)
    CHECK(m.flatness(l) == doctest::Approx(0.8).epsilon(1e-6));
}

TEST_CASE("contrast is the difference in level between the strongest and the weakest of a band") {
  // Every tenth bin, so more than 2 % of each band, is 20 dB above the others.
  const sixteen m(1025, [](std::size_t k) { return k % 10 == 0 ? 100.0f : 1.0f; });
  contrast levels(22050, 2048);
  matrix valleys;
  matrix peaks;
  valleys.reshape(contrast_bands, tile);
  peaks.reshape(contrast_bands, tile);
  levels.levels(m.vectors, m.values.data(), valleys.row(0), peaks.row(0), tile);
  std::vector<float> out(contrast_bands * tile);
  contrast::difference(valleys, peaks, out);
  for (const float x : out)
    CHECK(x == doctest::Approx(20));
}

TEST_CASE("contrast needs bins enough below half the rate") {
  CHECK(contrast_fits(22050, 2048));
  CHECK(contrast_fits(12801, 2048));
  CHECK_FALSE(contrast_fits(12800, 2048));
  CHECK_FALSE(contrast_fits(22050, 64));
}
