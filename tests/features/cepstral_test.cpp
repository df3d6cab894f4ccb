// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/cepstral.hpp"

#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace fugato;

namespace {

std::vector<float> deltas(const std::vector<float>& x, unsigned order) {
  std::vector<float> out(x.size(), -1);
  delta(x, order, out);
  return out;
}

double weight(const mel_filter& filter, std::size_t bin) {
  return bin >= filter.first && bin - filter.first < filter.weights.size() ? filter.weights[bin - filter.first] : 0;
}

/// In decibels, as an analysis makes them.
matrix decibels(const std::vector<std::vector<float>>& power) {
  matrix m;
  m.reshape(power.size(), power[0].size());
  for (std::size_t r = 0; r < power.size(); ++r) {
    std::fill_n(m.row(r), m.stride(), 0.0f);
    std::ranges::copy(power[r], m.row(r));
  }
  best_kernels().decibels(m.row(0), m.rows(), m.stride(), m.row(0));
  limit_range(best_kernels(), m);
  return m;
}

} // namespace

TEST_CASE("the mel filters are librosa's") {
  const auto filters = mel_filters(22050, 2048);
  const auto expected = golden::constant("mel_basis_nonzero"); // rows: band, bin, weight
  std::vector<std::vector<double>> dense(mel_bands, std::vector<double>(1025));
  for (std::size_t i = 0; i < expected.kept.size(); ++i)
    dense[static_cast<std::size_t>(expected.at(0, i))][static_cast<std::size_t>(expected.at(1, i))] = expected.at(2, i);
  for (std::size_t b = 0; b < mel_bands; ++b)
    for (std::size_t k = 0; k < 1025; ++k)
      REQUIRE(std::abs(weight(filters[b], k) - dense[b][k]) < 1e-8);
}

TEST_CASE("a mel filter has an area of 1 over frequency") {
  // Exactly so for a triangle of many bins.
  const auto filters = mel_filters(22050, 65536);
  double area = 0;
  for (std::size_t k = 0; k <= 32768; ++k)
    area += weight(filters[100], k) * 22050.0 / 65536;
  CHECK(area == doctest::Approx(1).epsilon(1e-4));
}

TEST_CASE("decibels reach 80 below the largest of all frames") {
  const matrix db = decibels({{1e4f, 0, 0}, {0, 0, 1e-3f}});
  CHECK(db[0][0] == doctest::Approx(40));
  CHECK(db[1][2] == doctest::Approx(-30));
  CHECK(db[0][1] == doctest::Approx(-40));
}

TEST_CASE("the DCT is librosa's and orthonormal") {
  const auto expected = golden::constant("dct2_ortho_20x128");
  const auto basis = dct_basis(mel_bands);
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t b = 0; b < mel_bands; ++b)
      REQUIRE(std::abs(basis[i * mel_bands + b] - expected.at(i, b)) < 1e-8);
  for (std::size_t i = 0; i < mel_bands; ++i)
    for (const std::size_t j : {i, (i + 1) % mel_bands, (i * 7 + 5) % mel_bands}) {
      double product = 0;
      for (std::size_t b = 0; b < mel_bands; ++b)
        product += double{basis[i * mel_bands + b]} * double{basis[j * mel_bands + b]};
      CHECK(std::abs(product - (i == j ? 1 : 0)) < 1e-6);
    }
}

TEST_CASE("silence has -100 dB in every band, so mfcc0 is -100 sqrt(128) and the others 0") {
  const matrix db = decibels(std::vector<std::vector<float>>(mel_bands, std::vector<float>(4)));
  matrix coefficients;
  mfcc(best_kernels(), db, dct_basis(20), coefficients);
  CHECK(coefficients[0][0] == doctest::Approx(-1131.3708));
  for (std::size_t i = 1; i < 20; ++i)
    CHECK(std::abs(coefficients[i][3]) < 4e-4);
}

TEST_CASE("the MFCC of the mean spectrum are the mean MFCC") {
  std::vector<std::vector<float>> power(mel_bands);
  for (std::size_t b = 0; b < mel_bands; ++b)
    for (const float x : tones::noise(21, b))
      power[b].push_back(x * x);
  const matrix db = decibels(power);
  const auto basis = dct_basis(20);
  matrix coefficients;
  mfcc(best_kernels(), db, basis, coefficients);
  std::vector<double> means;
  for (std::size_t b = 0; b < mel_bands; ++b)
    means.push_back(std::accumulate(db[b].begin(), db[b].end(), 0.0) / 21);
  std::vector<float> out(20);
  mfcc(means, basis, out);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(std::abs(out[i] - std::accumulate(coefficients[i].begin(), coefficients[i].end(), 0.0) / 21) < 1e-4);
}

TEST_CASE("the deltas of an impulse are librosa's") {
  for (const unsigned order : {1u, 2u}) {
    const auto expected = golden::constant("delta_order" + std::to_string(order) + "_9x9");
    for (std::size_t j = 0; j < 9; ++j) {
      std::vector<float> x(9);
      x[j] = 1;
      const auto out = deltas(x, order);
      for (std::size_t i = 0; i < 9; ++i)
        CHECK(out[i] == doctest::Approx(expected.at(i, j)).epsilon(1e-6));
    }
  }
}

TEST_CASE("the delta of a ramp is its slope and that of a parabola at order 2 its curvature") {
  std::vector<float> ramp;
  std::vector<float> parabola;
  for (int t = 0; t < 30; ++t) {
    ramp.push_back(0.25f * static_cast<float>(t) - 3);
    parabola.push_back(1.5f * static_cast<float>(t * t));
  }
  for (const float x : deltas(ramp, 1))
    CHECK(x == doctest::Approx(0.25));
  for (const float x : deltas(ramp, 2))
    CHECK(x == doctest::Approx(0));
  for (const float x : deltas(parabola, 2))
    CHECK(x == doctest::Approx(3));
}

TEST_CASE("fewer than 9 frames have no delta") {
  CHECK(deltas({1, 2, 3, 4, 5, 6, 7, 8}, 1) == std::vector<float>(8, 0));
  CHECK(deltas({1, 2, 3, 4, 5, 6, 7, 8, 9}, 1)[0] == doctest::Approx(1));
}

TEST_CASE("the mean of the deltas is that of the values at the ends") {
  for (const std::size_t n : {5u, 8u, 9u, 10u, 17u, 18u, 143u}) {
    CAPTURE(n);
    const auto x = tones::noise(n);
    for (const unsigned order : {1u, 2u}) {
      const auto out = deltas(x, order);
      CHECK(std::abs(mean_delta(x, order) - std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(n)) <
            1e-7);
    }
  }
}
