// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/stft.hpp"

#include "config/error.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

std::vector<float> padded(std::vector<float> y, std::size_t by, padding how) {
  aligned_vector<float> out;
  pad(y, by, how, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(y.size() + 2 * by)};
}

} // namespace

TEST_CASE("the Hann window equals librosa's") {
  const auto expected = golden::constant("hann2048");
  const auto window = hann(2048);
  for (std::size_t i = 0; i < expected.kept.size(); ++i)
    CHECK(std::abs(window[expected.kept[i]] - expected.values[i]) < 6e-8);
}

TEST_CASE("zero padding adds zeros at both ends") {
  CHECK(padded({1, 2}, 3, padding::zero) == std::vector<float>{0, 0, 0, 1, 2, 0, 0, 0});
}

TEST_CASE("reflection mirrors a signal at its first and last sample") {
  CHECK(padded({1, 2, 3, 4}, 3, padding::reflect) == std::vector<float>{4, 3, 2, 1, 2, 3, 4, 3, 2, 1});
}

TEST_CASE("reflection goes to and fro in a signal shorter than the padding") {
  CHECK(padded({1, 2, 3}, 5, padding::reflect) == std::vector<float>{2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2});
  CHECK(padded({7}, 2, padding::reflect) == std::vector<float>{7, 7, 7, 7, 7});
}

TEST_CASE("padding is zero or reflect and nothing else") {
  CHECK(padding_named("zero") == padding::zero);
  CHECK(padding_named("reflect") == padding::reflect);
  CHECK_THROWS_WITH_AS(padding_named("edge"), "/features/padding must be \"zero\" or \"reflect\"; it is \"edge\"",
                       error);
}

TEST_CASE("a constant has half the window's sum in bin 0 of an inner frame and a quarter, negative, in bin 1") {
  stft transform(64, 16, padding::reflect);
  spectrum d;
  matrix power;
  transform.forward(tones::constant(200, 0.5), d, power);
  REQUIRE(d.frames() == 13);
  REQUIRE(d.bins() == 33);
  for (std::size_t t = 0; t < d.frames(); ++t) {
    CHECK(d.frame(t)[0].real() == doctest::Approx(16));
    CHECK(d.frame(t)[1].real() == doctest::Approx(-8));
    CHECK(power[0][t] == doctest::Approx(256));
    CHECK(power[1][t] == doctest::Approx(64));
    CHECK(std::abs(d.frame(t)[2]) < 1e-5f);
  }
}

TEST_CASE("a frame is centred on its sample") {
  stft transform(64, 16, padding::zero);
  spectrum d;
  matrix power;
  auto y = tones::silence(64);
  y[32] = 1;
  transform.forward(y, d, power);
  // An impulse at the centre of frame 2 has the window's maximum, 1, as its magnitude; at its edge 0.
  for (std::size_t k = 0; k < d.bins(); ++k) {
    CHECK(power[k][2] == doctest::Approx(1));
    CHECK(power[k][0] == doctest::Approx(0));
    CHECK(power[k][4] == doctest::Approx(0));
    CHECK(power[k][1] == doctest::Approx(0.25));
  }
}

TEST_CASE("squared windows add up to 1.5 where four frames overlap") {
  stft transform(2048, 512, padding::zero);
  const auto sum = transform.window_sum(20000);
  for (std::size_t n = 512; n < 19000; ++n)
    REQUIRE(sum[n] == doctest::Approx(1.5).epsilon(1e-6));
  CHECK(sum[0] == doctest::Approx(1.25)); // the frame that would reach over the start is not there
}

TEST_CASE("what the inverse adds up, divided by the squared windows, is the signal") {
  const auto y = tones::noise(1000);
  stft transform(128, 48, padding::zero);
  spectrum d;
  matrix power;
  transform.forward(y, d, power);
  std::vector<double> sum(y.size());
  for (std::size_t t = 0; t < d.frames(); ++t) {
    const auto frame = transform.frame_samples(d.frame(t));
    for (std::size_t j = 0; j < 128; ++j)
      if (t * 48 + j >= 64 && t * 48 + j - 64 < y.size())
        sum[t * 48 + j - 64] += frame[j];
  }
  const auto weights = transform.window_sum(y.size());
  for (std::size_t n = 0; n < y.size(); ++n)
    CHECK(std::abs(sum[n] / weights[n] - y[n]) < 2e-6);
}
