// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/fft.hpp"

#include "config/error.hpp"
#include "features/matrix.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <complex>
#include <cstring>
#include <numbers>
#include <thread>

using namespace fugato;

namespace {

std::vector<std::complex<double>> naive_dft(const aligned_vector<float>& x) {
  const auto n = x.size();
  std::vector<std::complex<double>> bins(n / 2 + 1);
  for (std::size_t k = 0; k < bins.size(); ++k)
    for (std::size_t j = 0; j < n; ++j)
      bins[k] += double{x[j]} *
                 std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n));
  return bins;
}

aligned_vector<float> some(std::size_t n) {
  const auto y = tones::noise(n);
  return {y.begin(), y.end()};
}

aligned_vector<std::complex<float>> transform(const aligned_vector<float>& x) {
  const real_fft fft(x.size());
  aligned_vector<std::complex<float>> bins(fft.bins());
  fft.forward(x.data(), bins.data());
  return bins;
}

} // namespace

TEST_CASE("the FFT equals the sum that defines it, for powers of two and other sizes") {
  for (const std::size_t n : {std::size_t{2}, std::size_t{64}, std::size_t{100}, std::size_t{690}, std::size_t{2048}}) {
    CAPTURE(n);
    const auto x = some(n);
    const auto bins = transform(x);
    const auto expected = naive_dft(x);
    REQUIRE(bins.size() == expected.size());
    for (std::size_t k = 0; k < bins.size(); ++k)
      CHECK(std::abs(std::complex<double>(bins[k]) - expected[k]) < 1e-6 * static_cast<double>(n));
  }
}

TEST_CASE("the forward FFT leaves its input alone and the inverse gives it back times its size") {
  auto x = some(2048);
  const auto before = x;
  auto bins = transform(x);
  CHECK(x == before);
  real_fft(2048).inverse(bins.data(), x.data());
  for (std::size_t j = 0; j < x.size(); ++j)
    CHECK(x[j] / 2048 == doctest::Approx(before[j]).epsilon(0).scale(1).epsilon(1e-6));
}

TEST_CASE("all threads get the same bits of the FFT") {
  const auto x = some(2048);
  const auto expected = transform(x);
  std::vector<aligned_vector<std::complex<float>>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results)
      threads.emplace_back([&] { result = transform(x); });
  }
  for (const auto& result : results)
    CHECK(std::memcmp(result.data(), expected.data(), expected.size() * sizeof(expected[0])) == 0);
}

TEST_CASE("an FFT of no samples is refused") {
  CHECK_THROWS_WITH_AS(real_fft(0), "an FFT must have a size that FFTW can plan for; it is 0", error);
}

TEST_CASE("the FFT library says its version") { CHECK(fft_version().starts_with("fftw-3")); }
