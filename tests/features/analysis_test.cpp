// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/analysis.hpp"

#include "config/error.hpp"
#include "features/catalog.hpp"
#include "features/spectral.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace fugato;

namespace {

struct one_chunk {
  explicit one_chunk(std::vector<float> y, const feature_settings& settings = {})
      : samples(std::move(y)), shared(settings, 22050) {
    shared.reset(samples);
  }
  series of(std::string_view name) { return features().at(name).compute(shared); }
  float mean_of(std::string_view name) { return statistics().at("mean").reduce(of(name).band(0)); }

  std::vector<float> samples;
  analysis shared;
};

} // namespace

TEST_CASE("there are 1 + samples / hop_length frames") {
  for (const auto& [samples, frames] : {std::pair<std::size_t, std::size_t>{1, 1}, {511, 1}, {512, 2}, {72766, 143}}) {
    one_chunk x(tones::silence(samples));
    CHECK(x.shared.frames() == frames);
    CHECK(x.shared.power().columns() == frames);
  }
}

TEST_CASE("what is asked for twice is computed once") {
  one_chunk x(tones::noise(5000));
  const float* before = x.shared.mel_db().row(0);
  x.shared.mel_db();
  CHECK(x.shared.mel_db().row(0) == before);
  CHECK(x.shared.centroid().data() == x.shared.centroid().data());
}

TEST_CASE("room that was given stays while more is asked for, and returns after a reset") {
  one_chunk x(tones::noise(100));
  const auto a = x.shared.room(10);
  a[0] = 5;
  for (int i = 0; i < 100; ++i)
    x.shared.room(1000);
  CHECK(a[0] == 5);
  x.shared.reset(x.samples);
  CHECK(x.shared.room(10).data() == a.data());
}

TEST_CASE("a sine's centroid is its frequency, its bandwidth narrow, its rolloff next to it") {
  // A line in the middle of bin 100 has the Hann window's three bins.
  const double hz = 100 * 22050.0 / 2048;
  one_chunk x(tones::sine(22050, hz, 0.5));
  const std::size_t middle = 20;
  CHECK(x.of("spectral_centroids").values[middle] == doctest::Approx(hz).epsilon(1e-4));
  CHECK(x.of("spectral_bandwidth_2").values[middle] < 22050.0f / 2048);
  CHECK(x.of("spectral_rolloff").values[middle] == doctest::Approx(101 * 22050.0 / 2048));
}

TEST_CASE("white noise has a flatness of exp(-0.5772) and a centroid of a quarter of the rate") {
  one_chunk x(tones::noise(200000));
  CHECK(x.mean_of("spectral_flatness") == doctest::Approx(0.5615).epsilon(0.01));
  CHECK(x.mean_of("spectral_centroids") == doctest::Approx(22050.0 / 4).epsilon(0.01));
  CHECK(x.mean_of("rms") == doctest::Approx(std::sqrt(1.0 / 3)).epsilon(0.02));
}

TEST_CASE("silence has mfcc0 -1131.37, no flux and flat decibels") {
  one_chunk x(tones::silence(22050));
  CHECK(x.mean_of("mfcc") == doctest::Approx(-1131.3708));
  CHECK(x.mean_of("spectral_flux") == 0);
  CHECK(x.mean_of("spectrogram") == 0);
  CHECK(x.mean_of("mel_spectrogram") == 0);
  CHECK(x.mean_of("zero_crossings") == 0);
}

TEST_CASE("a constant has its peak in the lowest bin, no crossings and its mean as harmonic part") {
  one_chunk x(tones::constant(22050, 0.25));
  CHECK(x.of("spectrogram").values[20] == doctest::Approx(0));
  CHECK(x.mean_of("zero_crossings") == 0);
  CHECK(x.shared.separated_means().harmonic + x.shared.separated_means().percussive == doctest::Approx(0.25));
  CHECK(x.shared.separated_means().harmonic > 0.2);
}

TEST_CASE("padding by reflection differs from zeros at the edges only") {
  feature_settings reflect;
  reflect.padding = "reflect";
  one_chunk zeros(tones::noise(20000));
  one_chunk mirrored(tones::noise(20000), reflect);
  const auto a = zeros.of("spectral_centroids").values;
  const auto b = mirrored.of("spectral_centroids").values;
  CHECK(a[0] != b[0]);
  for (std::size_t t = 2; t < 38; ++t)
    CHECK(a[t] == b[t]);
  CHECK(a[39] != b[39]);
}

TEST_CASE("a chunk without samples is refused") {
  analysis a(feature_settings(), 22050);
  try {
    a.reset({});
    FAIL("accepted");
  } catch (const error& e) {
    CHECK(e.code() == errc::no_samples);
    CHECK(e.what() == std::string("a chunk must have at least 1 sample; it has none"));
  }
}

TEST_CASE("samples that are not finite, or absurdly loud, are refused") {
  analysis a(feature_settings(), 22050);
  auto y = tones::noise(1000);
  for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -2e10f}) {
    y[500] = wrong;
    try {
      a.reset(y);
      FAIL("accepted");
    } catch (const error& e) {
      CHECK(e.code() == errc::non_finite);
      CHECK(e.what() == std::string("samples must be finite and of magnitude at most 1e10; 1 of 1000 are not"));
    }
  }
}
