// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/analysis.hpp"

#include "config/error.hpp"
#include "features/catalog.hpp"
#include "features/spectral.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

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

/// A kernel that counts its calls.
template <auto kernel, class = decltype(best_kernels().*kernel)>
struct counted;
template <auto kernel, class Result, class... Arguments>
struct counted<kernel, Result (*const&)(Arguments...)> {
  static inline std::size_t calls = 0;
  static Result call(Arguments... x) {
    ++calls;
    return (best_kernels().*kernel)(x...);
  }
};

/// The steps that cost time: a row each.
struct step {
  std::string_view name;
  void (*count)(kernels&); ///< puts a counting one in its place
  std::size_t& calls;
};

template <auto kernel>
step counting(std::string_view name) {
  return {name, [](kernels& k) { k.*kernel = counted<kernel>::call; }, counted<kernel>::calls};
}

const std::vector<step>& steps() {
  static const std::vector<step> all{counting<&kernels::power>("power"),
                                     counting<&kernels::bins>("bins"),
                                     counting<&kernels::samples>("samples"),
                                     counting<&kernels::roots>("roots"),
                                     counting<&kernels::peaks>("peaks"),
                                     counting<&kernels::moments>("moments"),
                                     counting<&kernels::spreads>("spreads"),
                                     counting<&kernels::ranks>("ranks"),
                                     counting<&kernels::flatness>("flatness"),
                                     counting<&kernels::extremes>("extremes"),
                                     counting<&kernels::mel>("mel"),
                                     counting<&kernels::decibels>("decibels"),
                                     counting<&kernels::combine>("combine"),
                                     counting<&kernels::chroma>("chroma"),
                                     counting<&kernels::local_peaks>("pitches"),
                                     counting<&kernels::mean_rise>("mean rise"),
                                     counting<&kernels::median_rise>("median rise"),
                                     counting<&kernels::running_median>("medians"),
                                     counting<&kernels::weighted_dots>("tempogram")};
  return all;
}

using names = std::set<std::string_view>;

/// The steps that a feature takes for a chunk, the second of its kind: with what the first has made foreseen.
names steps_of(void (*ask)(const feature&, analysis&), const feature& f) {
  kernels table = best_kernels();
  for (const step& s : steps())
    s.count(table);
  const std::vector<float> y = tones::noise(30000);
  analysis shared({}, 22050, {"counted", "", [] { return true; }, &table});
  shared.reset(y);
  ask(f, shared);
  for (const step& s : steps())
    s.calls = 0;
  shared.reset(y);
  ask(f, shared);
  names taken;
  for (const step& s : steps())
    if (s.calls > 0)
      taken.insert(s.name);
  return taken;
}

} // namespace

TEST_CASE("a feature takes the steps that it is made of, and no others") {
  const names centroid{"power", "roots", "moments"};
  const names chroma{"power", "peaks", "pitches", "chroma"};
  const names separation{"power", "bins", "samples", "medians"};
  const names cepstrum{"power", "mel", "decibels", "combine"};
  const std::map<std::string_view, names> expected{
      {"zero_crossing_rate", {}},
      {"zero_crossings", {}},
      {"rms", {}},
      {"spectrogram", {"power", "peaks"}},
      {"mel_spectrogram", {"power", "mel", "peaks"}},
      {"harmonics", separation},
      {"perceptual_shock_wave", separation},
      {"spectral_centroids", centroid},
      {"spectral_centroids_delta", centroid},
      {"spectral_centroids_accelerate", centroid},
      {"chroma", chroma},
      {"tonnetz", chroma},
      {"tempo_bpm", {"power", "mel", "decibels", "median rise", "tempogram"}},
      {"spectral_rolloff", {"power", "roots", "moments", "ranks"}},
      {"spectral_flux", {"power", "mel", "decibels", "mean rise"}},
      {"spectral_bandwidth_2", {"power", "roots", "moments", "spreads"}},
      {"spectral_bandwidth_3", {"power", "roots", "moments", "spreads"}},
      {"spectral_bandwidth_4", {"power", "roots", "moments", "spreads"}},
      {"mfcc", cepstrum},
      {"mfcc_delta", cepstrum},
      {"mfcc_accelerate", cepstrum},
      {"spectral_flatness", {"power", "flatness"}},
      {"spectral_contrast", {"power", "roots", "extremes", "decibels"}}};
  for (const feature& f : features()) {
    CAPTURE(f.name);
    REQUIRE(expected.contains(f.name));
    CHECK(steps_of([](const feature& x, analysis& a) { x.compute(a); }, f) == expected.at(f.name));
  }
}

TEST_CASE("means alone take fewer steps: no inverse transform, no cepstrum of each frame") {
  const std::map<std::string_view, names> expected{{"harmonics", {"power", "bins", "medians"}},
                                                   {"perceptual_shock_wave", {"power", "bins", "medians"}},
                                                   {"mfcc", {"power", "mel", "decibels"}},
                                                   {"mfcc_delta", {"power", "mel", "decibels"}},
                                                   {"mfcc_accelerate", {"power", "mel", "decibels"}}};
  for (const auto& [name, steps] : expected) {
    CAPTURE(name);
    const auto ask = [](const feature& x, analysis& a) {
      std::vector<float> means(x.bands({}));
      x.means(a, means);
    };
    CHECK(steps_of(ask, features().at(name)) == steps);
  }
}

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
