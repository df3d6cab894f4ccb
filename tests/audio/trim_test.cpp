// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/trim.hpp"

#include "tests/audio/samples.hpp"

using namespace fugato;
using namespace fugato::test;

namespace {

/// @p level from sample @p first to @p last, @p floor elsewhere.
std::vector<float> burst(std::size_t size, std::size_t first, std::size_t last, float level, float floor = 0) {
  std::vector<float> x(size, floor);
  std::fill(x.begin() + static_cast<std::ptrdiff_t>(first), x.begin() + static_cast<std::ptrdiff_t>(last), level);
  return x;
}

void expect(const std::vector<float>& x, std::size_t first, std::size_t last, double top_db = 60) {
  const sample_range kept = trim(x, top_db);
  CHECK(kept.first == first);
  CHECK(kept.last == last);
}

} // namespace

TEST_CASE("silence around a tone is cut at the frames that touch the tone") {
  // frame t covers [512 t - 1024, 512 t + 1024): the first to touch sample 10000 is
  // 18, the last to touch sample 19999 is 41, and it keeps up to where 42 begins
  expect(burst(36780, 10000, 20000, 0.3F), 18 * 512, 42 * 512);
}

TEST_CASE("what lies less than top_db below the loudest frame is kept") {
  // a step of 40 dB
  const std::vector<float> x = burst(40960, 10240, 20480, 0.5F, 0.005F);
  expect(x, 0, 40960, 60);
  // the first and the last frame lie half in the zeros beyond the ends: 43 dB below
  expect(x, 0, 40960, 44);
  expect(x, 1024, 40448, 41);
  // frames 18 and 42 touch the tone with no sample, 19 and 41 with a quarter
  expect(x, 19 * 512, 42 * 512, 30);
}

TEST_CASE("frames that differ by exactly top_db are silent") {
  std::vector<float> x(20480, 0.0F);
  std::fill_n(x.begin(), 8192, 1.0F);
  std::fill_n(x.begin() + 12288, 8192, 0.125F);
  const double step = 20 * std::log10(8.0);
  CHECK(trim(x, step + 1e-9).last == 39 * 512); // frame 38 is the last without zeros from beyond
  CHECK(trim(x, step - 1e-9).last < 12288);
}

TEST_CASE("zeros, and signals under librosa's floor of 1e-5, are kept whole") {
  expect(std::vector<float>(22050, 0.0F), 0, 22050);
  expect(burst(22050, 9000, 12000, 1e-6F), 0, 22050);
  // 1e-3 lies 40 dB over the floor: 60 dB below it there is nothing
  expect(burst(22050, 9000, 12000, 1e-3F), 0, 22050);
}

TEST_CASE("signals of any short length are kept whole when they are loud") {
  for (const std::size_t size : {1U, 500U, 511U, 512U, 513U, 2047U, 2048U, 2049U, 4608U})
    expect(std::vector<float>(size, 0.5F), 0, size);
}
