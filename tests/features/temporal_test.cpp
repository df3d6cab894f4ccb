// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/temporal.hpp"

#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace fugato;

namespace {

std::vector<float> rates(const std::vector<float>& y, std::size_t n_fft, std::size_t hop) {
  std::vector<float> out(1 + y.size() / hop);
  zero_crossing_rate(best_kernels(), y, n_fft, hop, out);
  return out;
}

std::vector<float> levels(const std::vector<float>& y, std::size_t n_fft, std::size_t hop) {
  std::vector<float> out(1 + y.size() / hop);
  rms(y, n_fft, hop, out);
  return out;
}

} // namespace

TEST_CASE("a sign change is counted once, a tiny value is +0 and so is -0") {
  CHECK(zero_crossings(best_kernels(), std::vector<float>{1, -1, -1, 1}) == 2);
  CHECK(zero_crossings(best_kernels(), std::vector<float>{-1, 0, 1, -0.0f, -1e-10f, 1}) == 1);
  CHECK(zero_crossings(best_kernels(), std::vector<float>{-1, -1e-9f, 1}) == 1);
  CHECK(zero_crossings(best_kernels(), std::vector<float>{-1}) == 0);
}

TEST_CASE("a sine crosses zero twice a period") {
  // A second of 441 Hz, 441 periods, that starts and ends shortly after a crossing.
  CHECK(zero_crossings(best_kernels(), tones::sine(22050, 441, 1, 0.2)) == 882);
}

TEST_CASE("the zero crossing rate equals a count in each frame") {
  const auto y = tones::noise(3000);
  for (const auto& [n_fft, hop] : {std::pair<std::size_t, std::size_t>{256, 64}, {64, 64}, {250, 100}, {4096, 512}}) {
    const auto out = rates(y, n_fft, hop);
    for (std::size_t t = 0; t < out.size(); ++t) {
      std::vector<float> frame;
      for (std::size_t j = 0; j < n_fft; ++j) {
        const auto n = static_cast<std::ptrdiff_t>(t * hop + j) - static_cast<std::ptrdiff_t>(n_fft / 2);
        frame.push_back(y[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(n, 0, 2999))]);
      }
      CHECK(out[t] == static_cast<float>(static_cast<double>(zero_crossings(best_kernels(), frame)) /
                                         static_cast<double>(n_fft)));
    }
  }
}

TEST_CASE("one sample has one frame without a crossing") { CHECK(rates({-1}, 2048, 512) == std::vector<float>{0}); }

TEST_CASE("a sine's rms is its amplitude by the square root of 2") {
  // 2048 samples hold a whole number of periods of 22050 / 64 Hz.
  const auto out = levels(tones::sine(22050, 22050.0 / 64, 0.5), 2048, 512);
  for (std::size_t t = 2; t + 3 < out.size(); ++t)
    CHECK(out[t] == doctest::Approx(0.5 / std::sqrt(2.0)).epsilon(1e-6));
}

TEST_CASE("beyond the ends rms sees silence") {
  const auto out = levels(tones::constant(4096, 1), 2048, 512);
  CHECK(out[0] == doctest::Approx(std::sqrt(0.5)));
  CHECK(out[1] == doctest::Approx(std::sqrt(0.75)));
  CHECK(out[2] == 1);
  CHECK(out[8] == doctest::Approx(std::sqrt(0.5)));
}
