// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/separation.hpp"

#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace fugato;

namespace {

struct separation_of {
  separation_of(std::vector<float> y, std::size_t n_fft, std::size_t hop, padding how = padding::zero)
      : samples(std::move(y)), isa(instruction_set_named("auto")), transform(n_fft, hop, how, isa), parts(isa) {
    transform.begin(samples);
    power.reshape(transform.bins(), transform.frames(samples.size()));
    low.reshape(2, power.columns());
    for (std::size_t i = 0; i < power.tiles(); ++i)
      transform.power(i, power[i], low[i]);
  }
  separated signals() { return parts.separate(samples, power, transform); }
  separated_means means() { return parts.means(samples, power, low, transform); }

  std::vector<float> samples;
  const instruction_set& isa;
  stft transform;
  tiled power;
  tiled low;
  separator parts;
};

double mean(std::span<const float> x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v};
  return sum / static_cast<double>(x.size());
}

double energy(std::span<const float> x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v} * double{v};
  return sum;
}

/// Median over 31 of the values that `at` gives for places around `middle`, mirrored in n.
template <class At>
float median_around(std::size_t middle, std::size_t n, At at) {
  std::vector<float> window;
  for (std::ptrdiff_t i = -15; i <= 15; ++i)
    window.push_back(at(mirrored(static_cast<std::ptrdiff_t>(middle) + i, n)));
  std::nth_element(window.begin(), window.begin() + 15, window.end());
  return window[15];
}

/// The harmonic signal by its definition, of magnitudes.
std::vector<double> slow_harmonic(separation_of& x) {
  const std::size_t frames = x.power.columns();
  const std::size_t bins = x.power.rows();
  const std::size_t n_fft = x.transform.n_fft();
  const std::size_t half = n_fft / 2;
  const auto magnitude = [&](std::size_t k, std::size_t t) { return std::sqrt(x.power(k, t)); };
  std::vector<double> sum(x.samples.size());
  aligned_vector<float> spectrum(2 * bins * tile);
  aligned_vector<float> back(n_fft * tile);
  for (std::size_t t = 0; t < frames; ++t) {
    x.transform.transform(std::vector<std::size_t>{t}, spectrum.data());
    for (std::size_t k = 0; k < bins; ++k) {
      const double h = median_around(t, frames, [&](std::size_t i) { return magnitude(k, i); });
      const double p = median_around(k, bins, [&](std::size_t i) { return magnitude(i, t); });
      const double mask = h == 0 && p == 0 ? 0.5 : h * h / (h * h + p * p);
      spectrum[2 * k * tile] *= static_cast<float>(mask);
      spectrum[(2 * k + 1) * tile] *= static_cast<float>(mask);
    }
    x.transform.inverse(spectrum.data(), back.data());
    for (std::size_t j = 0; j < n_fft; ++j) {
      const std::size_t n = t * x.transform.hop_length() + j;
      if (n >= half && n - half < sum.size())
        sum[n - half] += double{back[j * tile]};
    }
  }
  const auto weights = x.transform.window_sum(sum.size());
  for (std::size_t n = 0; n < sum.size(); ++n)
    sum[n] = weights[n] > 0 ? sum[n] / double{weights[n]} : 0;
  return sum;
}

} // namespace

TEST_CASE("the harmonic signal is what its definition says, for any length") {
  for (const std::size_t length : {1u, 20u, 700u, 1500u}) {
    CAPTURE(length);
    separation_of x(tones::noise(length), 128, 32);
    const auto expected = slow_harmonic(x);
    const auto harmonic = x.signals().harmonic;
    for (std::size_t n = 0; n < length; ++n)
      REQUIRE(std::abs(harmonic[n] - expected[n]) < 2e-6);
  }
}

TEST_CASE("harmonic and percussive parts add up to the signal") {
  separation_of x(tones::noise(5000), 256, 64);
  const auto [harmonic, percussive] = x.signals();
  for (std::size_t n = 0; n < x.samples.size(); ++n)
    REQUIRE(std::abs(harmonic[n] + percussive[n] - x.samples[n]) < 1e-6f);
}

TEST_CASE("a lasting tone is harmonic, an impulse percussive") {
  separation_of tone(tones::sine(44100, 441, 0.5), 2048, 512);
  CHECK(energy(tone.signals().harmonic) > 0.95 * energy(tone.samples));
  separation_of click(tones::impulses(44100, 44100, 22000), 2048, 512);
  CHECK(energy(click.signals().percussive) > 0.95 * energy(click.samples));
}

TEST_CASE("the shorter way to the means gives the means of the full signals") {
  struct layout {
    std::size_t samples, n_fft, hop;
  };
  // Full overlap; frames that do not add up to a constant; hops that leave gaps; shorter than a frame.
  for (const auto& [samples, n_fft, hop] :
       {layout{20000, 2048, 512}, layout{20001, 256, 64}, layout{5000, 256, 32}, layout{5000, 300, 100},
        layout{5000, 256, 128}, layout{5000, 256, 100}, layout{5000, 256, 256}, layout{100, 256, 64},
        layout{1, 256, 64}, layout{640, 256, 64}})
    for (const padding how : {padding::zero, padding::reflect}) {
      CAPTURE(samples);
      CAPTURE(n_fft);
      CAPTURE(hop);
      auto y = tones::noise(samples);
      for (float& v : y)
        v = 0.3f * v + 0.05f;
      separation_of x(std::move(y), n_fft, hop, how);
      const auto [harmonic, percussive] = x.means();
      const separated full = x.signals();
      // Without overlap samples at the seams are divided by windows near 0, and so is their rounding.
      const double tolerance = 1e-7 / std::sqrt(static_cast<double>(samples)) + (hop < n_fft ? 1e-9 : 3e-8);
      CHECK(std::abs(harmonic - mean(full.harmonic)) < tolerance);
      CHECK(std::abs(percussive - mean(full.percussive)) < tolerance);
    }
}

TEST_CASE("the shorter way equals the means of the full signals on every golden signal") {
  for (const golden::signal& s : golden::signals()) {
    CAPTURE(s.name);
    separation_of x(s.samples, 2048, 512);
    const auto [harmonic, percussive] = x.means();
    const separated full = x.signals();
    CHECK(std::abs(harmonic - mean(full.harmonic)) < 2e-9);
    CHECK(std::abs(percussive - mean(full.percussive)) < 2e-9);
  }
}

TEST_CASE("silence separates into silence") {
  separation_of x(tones::silence(5000), 2048, 512);
  CHECK(energy(x.signals().harmonic) == 0);
  CHECK(energy(x.signals().percussive) == 0);
  CHECK(x.means().harmonic == 0);
}

TEST_CASE("a mirrored index repeats the ends and goes to and fro") {
  std::vector<std::size_t> places;
  for (std::ptrdiff_t i = -5; i < 8; ++i)
    places.push_back(mirrored(i, 3));
  CHECK(places == std::vector<std::size_t>{1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1});
  CHECK(mirrored(-15, 1) == 0);
}
