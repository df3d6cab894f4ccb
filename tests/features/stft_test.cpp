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

/// All frames, and the way back.
struct transformed {
  transformed(std::vector<float> samples, std::size_t n_fft, std::size_t hop, padding how, const char* isa = "auto")
      : y(std::move(samples)), transform(n_fft, hop, how, instruction_set_named(isa)) {
    transform.begin(y);
    power.reshape(transform.bins(), transform.frames(y.size()));
    low.reshape(2, power.columns());
    for (std::size_t i = 0; i < power.tiles(); ++i)
      transform.power(i, power[i], low[i]);
  }

  std::vector<float> y;
  stft transform;
  tiled power;
  tiled low;
};

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
  const transformed x(tones::constant(200, 0.5), 64, 16, padding::reflect);
  REQUIRE(x.power.columns() == 13);
  REQUIRE(x.power.rows() == 33);
  for (std::size_t t = 0; t < 13; ++t) {
    CHECK(x.low(0, t) == doctest::Approx(16));
    CHECK(x.low(1, t) == doctest::Approx(-8));
    CHECK(x.power(0, t) == doctest::Approx(256));
    CHECK(x.power(1, t) == doctest::Approx(64));
    CHECK(x.power(2, t) < 1e-10f);
  }
  for (std::size_t k = 0; k < 33; ++k)
    for (std::size_t l = 13; l < tile; ++l)
      REQUIRE(x.power[0][k * tile + l] == 0); // frames that are not there
}

TEST_CASE("a frame is centred on its sample") {
  auto y = tones::silence(64);
  y[32] = 1;
  const transformed x(y, 64, 16, padding::zero);
  // An impulse at the centre of frame 2 has the window's maximum, 1, as its magnitude; at its edge 0.
  for (std::size_t k = 0; k < 33; ++k) {
    CHECK(x.power(k, 2) == doctest::Approx(1));
    CHECK(x.power(k, 0) == doctest::Approx(0));
    CHECK(x.power(k, 4) == doctest::Approx(0));
    CHECK(x.power(k, 1) == doctest::Approx(0.25));
  }
}

TEST_CASE("frames have the same bins in a tile and picked, and their power is the bins' magnitude squared") {
  for (const auto& [n_fft, hop] : {std::pair<std::size_t, std::size_t>{128, 48}, {100, 30}, {2048, 512}}) {
    CAPTURE(n_fft);
    transformed x(tones::noise(20 * hop), n_fft, hop, padding::zero);
    const std::vector<std::size_t> picked{0, 1, 18, 20};
    aligned_vector<float> tiles(2 * x.power.rows() * tile);
    aligned_vector<float> few(tiles.size());
    x.transform.transform(1, tiles.data());
    x.transform.transform(picked, few.data());
    for (std::size_t k = 0; k < x.power.rows(); ++k) {
      const float re = few[2 * k * tile + 2];
      const float im = few[(2 * k + 1) * tile + 2];
      CHECK(re == tiles[2 * k * tile + 2]); // frame 18 is the third of tile 1
      CHECK(im == tiles[(2 * k + 1) * tile + 2]);
      CHECK(x.power(k, 18) == doctest::Approx(re * re + im * im).epsilon(1e-6));
    }
  }
}

TEST_CASE("squared windows add up to 1.5 where four frames overlap") {
  stft transform(2048, 512, padding::zero, instruction_set_named("auto"));
  const auto sum = transform.window_sum(20000);
  for (std::size_t n = 512; n < 19000; ++n)
    REQUIRE(sum[n] == doctest::Approx(1.5).epsilon(1e-6));
  CHECK(sum[0] == doctest::Approx(1.25)); // the frame that would reach over the start is not there
}

TEST_CASE("what the inverse adds up, divided by the squared windows, is the signal") {
  for (const auto& [n_fft, isa] :
       {std::pair<std::size_t, const char*>{128, "auto"}, {100, "auto"}, {128, "reference"}}) {
    CAPTURE(n_fft);
    CAPTURE(isa);
    constexpr std::size_t hop = 48;
    transformed x(tones::noise(1000), n_fft, hop, padding::zero, isa);
    std::vector<double> sum(x.y.size());
    aligned_vector<float> bins(2 * x.power.rows() * tile);
    aligned_vector<float> samples(n_fft * tile);
    for (std::size_t t = 0; t < x.power.columns(); ++t) {
      if (t % tile == 0) {
        x.transform.transform(t / tile, bins.data());
        x.transform.inverse(bins.data(), samples.data());
      }
      for (std::size_t j = 0; j < n_fft; ++j)
        if (t * hop + j >= n_fft / 2 && t * hop + j - n_fft / 2 < sum.size())
          sum[t * hop + j - n_fft / 2] += samples[j * tile + t % tile];
    }
    const auto weights = x.transform.window_sum(x.y.size());
    for (std::size_t n = 0; n < x.y.size(); ++n)
      REQUIRE(std::abs(sum[n] / weights[n] - x.y[n]) < 2e-6);
  }
}
