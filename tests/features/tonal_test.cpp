// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/tonal.hpp"

#include "features/analysis.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace fugato;

namespace {

/// Chunk of analysis with default settings.
struct one_chunk {
  explicit one_chunk(std::vector<float> y) : samples(std::move(y)), shared(feature_settings(), 22050) {
    shared.reset(samples);
  }
  std::vector<float> samples;
  analysis shared;
};

std::vector<float> add(std::vector<float> a, const std::vector<float>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] += b[i];
  return a;
}

double hz_of(int semitones_from_a4) { return 440 * std::exp2(semitones_from_a4 / 12.0); }

} // namespace

TEST_CASE("the chroma filters are librosa's at every tuning stored") {
  chroma_filters filters(22050, 2048);
  for (const auto& [name, step] : {std::pair<std::string, std::size_t>{"+0.00", 50}, {"+0.30", 80}, {"-0.50", 0}}) {
    CAPTURE(name);
    const auto expected = golden::constant("chroma_fb_tuning" + name + "_12x1025");
    const auto bank = filters.bank(step);
    for (std::size_t c = 0; c < chroma_bands; ++c)
      for (std::size_t i = 0; i < expected.kept.size(); ++i)
        REQUIRE(std::abs(bank[expected.kept[i] * chroma_bands + c] - expected.at(c, i)) < 1e-6);
  }
}

TEST_CASE("tuning steps are hundredths of a semitone from -0.5") {
  CHECK(tuning_of(0) == -0.5);
  CHECK(tuning_of(50) == 0);
  CHECK(tuning_of(99) == doctest::Approx(0.49));
}

TEST_CASE("a chord a fifth of a semitone sharp is heard as such") {
  std::vector<float> chord(22050);
  for (const int note : {0, 4, 7, 12})
    chord = add(chord, tones::sine(22050, hz_of(note) * std::exp2(0.2 / 12), 0.2));
  CHECK(tuning_of(one_chunk(chord).shared.tuning_step()) == doctest::Approx(0.2).epsilon(0.06));
}

TEST_CASE("without a peak the tuning is 0") {
  CHECK(tuning_of(one_chunk(tones::silence(5000)).shared.tuning_step()) == 0);
  CHECK(tuning_of(one_chunk(tones::constant(5000, 0.5)).shared.tuning_step()) == 0);
}

TEST_CASE("of two equal bins the lower is the peak, which lies between them") {
  tiled power;
  power.reshape(1025, 1);
  std::fill_n(power[0], 1025 * tile, 0.0f);
  power[0][50 * tile] = power[0][51 * tile] = 2;
  const std::array<float, tile> peaks{2};
  const double bin_hz = 22050.0 / 2048;
  const double semitones = 12 * std::log2(50.5 * bin_hz / 27.5);
  tuning_estimator estimator;
  estimator.begin(1025, 1);
  estimator.add(best_kernels(), power[0], 1025, peaks.data(), bin_hz);
  const double tuning = tuning_of(estimator.step());
  CHECK(tuning <= semitones - std::round(semitones));
  CHECK(semitones - std::round(semitones) < tuning + 0.01);
}

TEST_CASE("each note of the scale is strongest in its pitch class") {
  for (int note = 0; note < 12; ++note) {
    CAPTURE(note);
    one_chunk x(tones::sine(11025, hz_of(note), 0.5));
    const matrix& chroma = x.shared.chroma();
    const auto expected = static_cast<std::size_t>((note + 9) % 12); // A is the tenth class from C
    for (std::size_t c = 0; c < chroma_bands; ++c)
      CHECK((chroma[c][10] == 1) == (c == expected));
  }
}

TEST_CASE("frames are divided by their largest value and silence is left alone") {
  matrix m;
  m.reshape(2, 2);
  for (std::size_t r = 0; r < 2; ++r)
    std::fill_n(m.row(r), m.stride(), 0.0f);
  m.row(0)[0] = 2;
  m.row(1)[0] = 8;
  matrix out;
  normalise_frames(m, out);
  CHECK(out[0][0] == 0.25f);
  CHECK(out[1][0] == 1);
  CHECK(out[0][1] == 0);
}

TEST_CASE("the tonal centroid of one pitch class lies on the circles at its angle") {
  matrix m;
  m.reshape(chroma_bands, 1);
  for (std::size_t c = 0; c < chroma_bands; ++c)
    std::fill_n(m.row(c), m.stride(), 0.0f);
  m.row(3)[0] = 0.7f; // three semitones: 7/6 * 3 = 3.5, 3/2 * 3 = 4.5, 2/3 * 3 = 2 half turns
  std::vector<float> out(6);
  tonnetz(m, out);
  const std::vector<double> expected{-1, 0, 1, 0, 0, 0.5};
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(std::abs(out[i] - expected[i]) < 1e-6);
}
