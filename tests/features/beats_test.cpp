// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/beats.hpp"

#include "tests/features/golden.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace fugato;

namespace {

std::vector<float> envelope(const std::string& name) {
  for (const golden::signal& s : golden::signals())
    if (s.name == name) {
      const std::vector<double> values = s.find("onset_median").value().values;
      return {values.begin(), values.end()};
    }
  return {};
}

double tempo(const std::string& name) {
  for (const golden::signal& s : golden::signals())
    if (s.name == name)
      return s.scalar("tempo_beat_track").value();
  return 0;
}

constexpr double frames_per_second = 22050.0 / 512;

} // namespace

TEST_CASE("beats of librosa's onset envelopes are those that numpy and scipy find by librosa 0.10.1's rules") {
  const std::map<std::string, std::vector<std::uint32_t>> expected{
      {"clicks120", {3, 24, 46, 67, 89, 110, 132, 153, 175, 197, 218, 240}},
      {"music_classical0_1", {47, 65, 81, 98, 114}},
      {"music_disco1_2", {9, 31, 53, 76, 98, 120}},
      {"music_hiphop3_0", {20, 50, 81, 112}},
      {"music_jazz2_3", {8, 33, 61, 86, 112}},
      {"music_metal0_4", {16, 34, 53, 71, 89, 108}},
      {"noise", {3, 15}},
      {"padded_tone", {19}},
      {"len2047", {}},
      {"tail_blues0_9", {2}},
      {"tail_reggae3_9", {}}};
  for (const auto& [name, beats] : expected) {
    CAPTURE(name);
    CHECK(beat_frames(envelope(name), tempo(name), frames_per_second) == beats);
  }
}

TEST_CASE("beats fall on regular onsets, and bridge one that is missing") {
  std::vector<float> onset(400);
  for (std::size_t t = 10; t < onset.size(); t += 20)
    onset[t] = 1;
  onset[210] = 0;
  const auto beats = beat_frames(onset, 60 * frames_per_second / 20, frames_per_second);
  REQUIRE(beats.size() > 15);
  for (std::size_t i = 0; i < beats.size(); ++i)
    CHECK(beats[i] == beats[0] + 20 * i);
  CHECK(beats[0] % 20 == 10);
}

TEST_CASE("there are no beats without onsets or tempo") {
  CHECK(beat_frames(std::vector<float>(100), 120, frames_per_second).empty());
  CHECK(beat_frames(std::vector<float>(100, 1.0f), 0, frames_per_second).empty());
  CHECK(beat_frames({}, 120, frames_per_second).empty());
  CHECK(beat_frames(std::vector<float>{1}, 120, frames_per_second).size() <= 1);
  CHECK(beat_frames(std::vector<float>(100, 1.0f), 1e9, frames_per_second).empty());
}
