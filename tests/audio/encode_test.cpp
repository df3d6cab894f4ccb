// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/encode.hpp"

#include "audio/clip.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace fugato;

TEST_CASE("an MP3 sounds like what it was made of, and is small") {
  std::vector<float> tone(3 * 22050);
  for (std::size_t i = 0; i < tone.size(); ++i)
    tone[i] = 0.5f * static_cast<float>(std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 22050));
  const std::string mp3 = encode_mp3(tone, 22050);
  REQUIRE_FALSE(mp3.empty());
  CHECK(mp3.size() < 3 * 6000);
  CHECK(mp3 == encode_mp3(tone, 22050));
  const clip back = make_clip(std::as_bytes(std::span(mp3)), "tone.mp3", {});
  CHECK(back.rate == 22050);
  CHECK(std::abs(static_cast<double>(back.samples.size()) - static_cast<double>(tone.size())) < 0.15 * 22050);
  double squares = 0;
  for (std::size_t i = 22050; i < 2 * 22050; ++i)
    squares += double{back.samples[i]} * double{back.samples[i]};
  CHECK(std::sqrt(squares / 22050) == doctest::Approx(0.5 / std::numbers::sqrt2).epsilon(0.05));
}

TEST_CASE("every rate of MPEG can be written") {
  for (const std::uint32_t rate : {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
    CAPTURE(rate);
    CHECK_FALSE(encode_mp3(std::vector<float>(rate), rate).empty());
  }
}

TEST_CASE("what cannot be an MP3 gives nothing") { CHECK(encode_mp3(std::vector<float>(100), 12345).empty()); }
