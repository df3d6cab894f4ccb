// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/resample.hpp"

#include "tests/audio/samples.hpp"

#include <complex>

using namespace fugato;
using namespace fugato::test;

namespace {

/// Amplitude of the sine of @p frequency within x, whose ends are left out.
double amplitude_at(const std::vector<float>& x, double frequency, std::uint32_t rate) {
  const std::size_t first = x.size() / 4;
  const std::size_t last = x.size() - first;
  std::complex<double> sum = 0;
  double weights = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double phase = 2 * std::numbers::pi * static_cast<double>(i - first) / static_cast<double>(last - first);
    const double hann = 0.5 - 0.5 * std::cos(phase);
    sum += hann * static_cast<double>(x[i]) *
           std::polar(1.0, -2 * std::numbers::pi * frequency * static_cast<double>(i) / rate);
    weights += hann;
  }
  return 2 * std::abs(sum) / weights;
}

} // namespace

TEST_CASE("the resampled length is the size times the ratio, rounded up") {
  struct {
    std::uint32_t from;
    std::size_t size, expected;
  } const cases[] = {{44100, 44100, 22050}, {44100, 44101, 22051}, {44100, 1, 1},         {48000, 48000, 22050},
                     {48000, 48001, 22051}, {48000, 3, 2},         {8000, 8000, 22050},   {8000, 1, 3},
                     {8000, 1234, 3402},    {22050, 777, 777},     {96000, 100000, 22969}};
  for (const auto& c : cases) {
    CAPTURE(c.from);
    CAPTURE(c.size);
    CHECK(resample(sine(440, 0.5, c.from, c.size), c.from, 22050).size() == c.expected);
  }
  CHECK(resample({}, 44100, 22050).empty());
}

TEST_CASE("a sine keeps its frequency and its amplitude") {
  for (const std::uint32_t from : {44100U, 48000U, 8000U, 32000U}) {
    CAPTURE(from);
    const std::vector<float> x = resample(sine(1000, 0.5, from, from), from, 22050);
    CHECK(amplitude_at(x, 1000, 22050) == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(amplitude_at(x, 1100, 22050) < 1e-4);
    CHECK(amplitude_at(x, 900, 22050) < 1e-4);
  }
}

TEST_CASE("a sine stays in phase: sample i is the sine at time i / rate") {
  const std::vector<float> x = resample(sine(440, 0.5, 44100, 44100), 44100, 22050);
  const std::vector<float> y = sine(440, 0.5, 22050, 22050);
  REQUIRE(x.size() == y.size());
  for (std::size_t i = 2000; i < 20000; ++i)
    REQUIRE(std::abs(x[i] - y[i]) < 2e-5);
}

TEST_CASE("what the new rate cannot hold is filtered out, not folded back") {
  const std::vector<float> x = resample(sine(15000, 0.5, 44100, 44100), 44100, 22050);
  CHECK(amplitude_at(x, 22050 - 15000, 22050) < 1e-5);
}

TEST_CASE("resampling the same signal twice gives the same bits") {
  const std::vector<float> x = sine(440, 0.5, 48000, 100000);
  CHECK(resample(x, 48000, 22050) == resample(x, 48000, 22050));
}

TEST_CASE("the version of libsoxr is known") { CHECK(soxr_version().find("soxr") != std::string::npos); }
