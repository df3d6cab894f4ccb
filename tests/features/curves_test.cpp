// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/curves.hpp"

#include "features/cepstral.hpp"
#include "tests/errors.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tolerances.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace fugato;

namespace {

curves measured(const std::vector<float>& y) { return measure_curves(y, 22050, {}); }

const golden::signal& music() {
  for (const golden::signal& s : golden::signals())
    if (s.name == "music_disco1_2")
      return s;
  throw std::runtime_error("no such signal");
}

/// The largest difference from librosa's values, over the frames that are kept.
double off(const golden::array& expected, const grid& x) {
  double result = x.rows == expected.rows && x.columns == expected.columns ? 0 : HUGE_VAL;
  for (std::size_t r = 0; r < x.rows && result < HUGE_VAL; ++r)
    for (std::size_t i = 0; i < expected.kept.size(); ++i)
      result = std::max(result, std::abs(expected.at(r, i) - double{x.at(r, expected.kept[i])}));
  return result;
}

double off(const golden::array& expected, const std::vector<float>& x) { return off(expected, grid{1, x.size(), x}); }

std::size_t largest_row(const grid& x, std::size_t column) {
  std::size_t best = 0;
  for (std::size_t r = 0; r < x.rows; ++r)
    if (x.at(r, column) > x.at(best, column))
      best = r;
  return best;
}

} // namespace

TEST_CASE("curves are librosa's") {
  const golden::signal& s = music();
  const curves x = measured(s.samples);
  CHECK(x.frames() == s.frames());
  CHECK(off(*s.find("rms"), x.rms) < 1e-5);
  CHECK(off(*s.find("zcr"), x.crossings) < 1e-7);
  CHECK(off(*s.find("centroid"), x.centroid) < 0.5);
  CHECK(off(*s.find("rolloff"), x.rolloff) < 22); // a bin is 10.8 Hz
  CHECK(off(*s.find("onset"), x.onset) < 1e-2);
  CHECK(off(*s.find("chroma"), x.chroma) < 1e-2);
  CHECK(x.tempo == doctest::Approx(*s.scalar("tempo_beat_track")));
  CHECK(x.tuning == doctest::Approx(*s.scalar("tuning")));
  CHECK(x.sign_changes == static_cast<std::uint64_t>(*s.scalar("zero_crossings")));
  CHECK(x.beats == std::vector<std::uint32_t>{9, 31, 53, 76, 98, 120});
}

TEST_CASE("the harmonic and the percussive part add up") {
  const curves x = measured(music().samples);
  REQUIRE(x.harmonic.size() == x.samples.size());
  REQUIRE(x.percussive.size() == x.samples.size());
  for (std::size_t i = 0; i < x.samples.size(); i += 97)
    REQUIRE(x.harmonic[i] + x.percussive[i] == doctest::Approx(x.samples[i]).epsilon(1e-3));
  CHECK(x.harmonic_power.rows == 1025);
  CHECK(x.percussive_power.columns == x.frames());
}

TEST_CASE("a tone lies where its frequency does") {
  const curves x = measured(tones::sine(22050, 1000, 0.5));
  const std::size_t middle = x.frames() / 2;
  CHECK(largest_row(x.power, middle) == 93); // 1000 / 10.77 = 92.9
  const grid rows = on_log_axis(x.power, x.bin_hz(), 40, 11025, 128);
  const double place = std::log(1000.0 / 40) / std::log(11025.0 / 40) * 128;
  CHECK(std::abs(static_cast<double>(largest_row(rows, middle)) + 0.5 - place) < 1);
  CHECK(std::abs(mel_band_of(1000, 22050) - static_cast<double>(largest_row(x.mel, middle))) < 1);
  CHECK(largest_row(x.chroma, middle) == 11); // B5 is 988 Hz
}

TEST_CASE("fewer columns are means, and keep the mean") {
  grid x{2, 10, {}};
  for (int i = 0; i < 20; ++i)
    x.values.push_back(static_cast<float>(i));
  const grid half = fewer_columns(x, 5);
  CHECK(half.rows == 2);
  CHECK(half.values == std::vector<float>{0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5, 18.5});
  CHECK(fewer_columns(x, 10).values == x.values);
  CHECK(fewer_columns(x, 99).columns == 10);
  const grid odd = fewer_columns(x, 3);
  CHECK(odd.values == std::vector<float>{1, 4, 7.5, 11, 14, 17.5});
}

TEST_CASE("an even spectrum is even on a logarithmic axis") {
  const grid flat{100, 3, std::vector<float>(300, 2.0f)};
  const grid rows = on_log_axis(flat, 10, 20, 990, 64);
  CHECK(rows.rows == 64);
  CHECK(rows.columns == 3);
  for (const float v : rows.values)
    CHECK(v == doctest::Approx(2.0f));
}

TEST_CASE("decibels are those of power, down to 80 below the reference") {
  const grid x{1, 4, {1, 10, 0, 1e-9f}};
  const grid db = decibels(x, 10);
  CHECK(db.values[0] == doctest::Approx(-10));
  CHECK(db.values[1] == doctest::Approx(0));
  CHECK(db.values[2] == doctest::Approx(-80));
  CHECK(db.values[3] == doctest::Approx(-80));
  CHECK(largest(x) == 10);
  CHECK(largest({}) == 0);
}

TEST_CASE("sign changes have their places") {
  CHECK(sign_change_places(std::vector<float>{1, -1, -1, 1e-12f, 0, -1, 2}) == std::vector<std::size_t>{1, 3, 5, 6});
  CHECK(sign_change_places({}).empty());
  const std::vector<float> y = tones::noise(5000);
  CHECK(sign_change_places(y).size() == measured(y).sign_changes);
}

TEST_CASE("short, silent and wrong clips") {
  const curves one = measured({0.5f});
  CHECK(one.frames() == 1);
  CHECK(one.beats.empty());
  const curves silent = measured(tones::silence(22050));
  CHECK(silent.tempo == 0);
  CHECK(largest(silent.power) == 0);
  CHECK(sentence(errc::no_samples, [] { measured({}); }) == "a chunk must have at least 1 sample; it has none");
  CHECK(sentence(errc::non_finite, [] { measured({NAN}); }) != "no error");
}
