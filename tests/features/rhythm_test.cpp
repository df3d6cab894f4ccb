// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/rhythm.hpp"

#include "features/analysis.hpp"
#include "features/catalog.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fugato;

namespace {

matrix of_rows(const std::vector<std::vector<float>>& rows) {
  matrix m;
  m.reshape(rows.size(), rows[0].size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::fill_n(m.row(r), m.stride(), 0.0f);
    std::ranges::copy(rows[r], m.row(r));
  }
  return m;
}

double tempo_of(const std::vector<float>& y) {
  analysis a(feature_settings(), 22050);
  a.reset(y);
  return a.tempo().tempo();
}

/// The sums that tempogram_mean stands for, one by one.
double slow_tempogram_mean(const std::vector<float>& envelope, std::size_t lag) {
  constexpr std::size_t window = 344;
  const std::size_t half = window / 2;
  std::vector<double> x(envelope.size() + window);
  for (std::size_t i = 0; i < half; ++i) {
    x[i] = double{envelope.front()} * static_cast<double>(i) / half;
    x[x.size() - 1 - i] = double{envelope.back()} * static_cast<double>(i) / half;
  }
  std::ranges::copy(envelope, x.begin() + half);
  const auto windowed = [&](std::size_t t, std::size_t j) {
    return x[t + j] * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(j) / window));
  };
  const auto correlation = [&](std::size_t t, std::size_t by) {
    double sum = 0;
    for (std::size_t j = 0; j + by < window; ++j)
      sum += windowed(t, j) * windowed(t, j + by);
    return sum;
  };
  double sum = 0;
  for (std::size_t t = 0; t < envelope.size(); ++t)
    sum += correlation(t, lag) / correlation(t, 0);
  return sum / static_cast<double>(envelope.size());
}

} // namespace

TEST_CASE("onset strength is the mean rise of the bands, late by the lead, and falls do not count") {
  const matrix m = of_rows({{0, 3, 3, 1, 1, 2}, {0, 1, 5, 5, 0, 2}});
  std::vector<float> out(6);
  onset_strength(m, 3, out);
  CHECK(out == std::vector<float>{0, 0, 0, 2, 2, 0});
  onset_strength(m, 1, out);
  CHECK(out == std::vector<float>{0, 2, 2, 0, 0, 1.5});
}

TEST_CASE("the median onset strength is the middle of the bands' rises") {
  // Rises from frame 0 to 1 are 0 0 1 4 (and a fall), then 0 2 3 4 5.
  const matrix m = of_rows({{5, 0, 0}, {1, 1, 3}, {1, 1, 4}, {0, 1, 5}, {0, 4, 9}});
  std::vector<float> out(3);
  onset_strength_median(m, 1, out);
  CHECK(out == std::vector<float>{0, 0, 3});
  // An even number of bands has two middle ones, whose mean counts: (1 + 4) / 2 and (3 + 4) / 2.
  const matrix even = of_rows({{5, 0, 0}, {0, 1, 4}, {0, 4, 8}, {0, 4, 9}});
  onset_strength_median(even, 1, out);
  CHECK(out == std::vector<float>{0, 2.5, 3.5});
}

TEST_CASE("a short chunk has no onsets") {
  std::vector<float> out(3, 1);
  onset_strength(of_rows({{1, 2, 3}}), 3, out);
  CHECK(out == std::vector<float>{0, 0, 0});
  onset_strength_median(of_rows({{1, 2, 3}}), 5, out);
  CHECK(out == std::vector<float>{0, 0, 0});
}

TEST_CASE("lags have librosa's tempi") {
  const tempo_estimator tempo(22050, 512);
  const auto expected = golden::constant("tempo_frequencies_344");
  REQUIRE(tempo.window() == expected.kept.size());
  for (std::size_t lag = 1; lag < tempo.window(); ++lag)
    CHECK(tempo.tempo_of(lag) == doctest::Approx(expected.values[lag]).epsilon(1e-12));
}

TEST_CASE("the tempogram's mean equals the sums that define it") {
  std::vector<float> envelope = tones::noise(150);
  for (float& x : envelope)
    x = std::abs(x);
  tempo_estimator tempo(22050, 512);
  tempo.analyse(envelope);
  for (const std::size_t lag : {0u, 1u, 9u, 22u, 100u, 343u})
    CHECK(std::abs(tempo.tempogram_mean(lag) - slow_tempogram_mean(envelope, lag)) < 1e-10);
}

TEST_CASE("an impulse every 22 frames beats at 60 rate / (22 hop)") {
  CHECK(tempo_of(tones::impulses(132300, 22 * 512, 3000)) == doctest::Approx(60 * 22050.0 / (22 * 512)));
}

TEST_CASE("an impulse train at 120 bpm has the tempo of the grid next to it") {
  const double tempo = tempo_of(tones::impulses(132300, 11025, 3000)); // 21.53 frames: between lags 21 and 22
  CHECK(tempo == doctest::Approx(120).epsilon(0.03));
  CHECK(std::abs(60 * 22050.0 / (512 * tempo) - std::round(60 * 22050.0 / (512 * tempo))) < 1e-9);
}

TEST_CASE("where nothing begins there is no tempo") {
  CHECK(tempo_of(tones::silence(72766)) == 0);
  CHECK(tempo_of({0.5f}) == 0);
}

TEST_CASE("of two lags that explain an envelope equally the one nearer to 120 bpm wins") {
  // A pulse each 11 frames repeats at 11, 22, 33 ...: 235, 117, 78 bpm.
  std::vector<float> envelope(400);
  for (std::size_t t = 0; t < envelope.size(); t += 11)
    envelope[t] = 1;
  tempo_estimator tempo(22050, 512);
  tempo.analyse(envelope);
  CHECK(tempo.tempo() == doctest::Approx(tempo.tempo_of(22)));
}
