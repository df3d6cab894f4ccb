// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

const prediction_rules rules{{"blues", "jazz", "metal", "rock"}, 0.5, 2.0};
const track song{0, "a/song.wav", "song.wav", ""};

} // namespace

TEST_CASE("a track's answer is the mean of its chunks', with the likeliest three, agreement and timeline") {
  const std::vector<float> chunks{0.1F, 0.7F, 0.1F, 0.1F, //
                                  0.0F, 0.5F, 0.0F, 0.5F, //
                                  0.6F, 0.2F, 0.1F, 0.1F, //
                                  0.1F, 0.8F, 0.0F, 0.1F};
  const track_prediction x = predicted(song, chunks, 7.5, rules);
  CHECK(x.track == "song.wav");
  CHECK(x.path == "a/song.wav");
  CHECK(x.label == "jazz");
  CHECK_FALSE(x.unsure);
  REQUIRE(x.top.size() == 3);
  CHECK(x.top[0].label == "jazz");
  CHECK(x.top[0].probability == doctest::Approx(0.55));
  CHECK(x.top[1].label == "blues"); // 0.2, as rock: the first of equals
  CHECK(x.top[2].label == "rock");
  CHECK(x.agreement == 0.75); // the second chunk is jazz, the first of equals
  CHECK(x.seconds == 7.5);
  REQUIRE(x.timeline.size() == 3);
  CHECK(x.timeline[0].label == "jazz");
  CHECK(x.timeline[0].chunks == 2);
  CHECK(x.timeline[0].to_seconds == 4);
  CHECK(x.timeline[1].label == "blues");
  CHECK(x.timeline[1].from_seconds == 4);
  CHECK(x.timeline[2].to_seconds == 7.5); // where the music ends
  CHECK(timeline_text(x) == "2 jazz, 1 blues, 1 jazz");
  CHECK(timeline_text(x, 10) == "2 jazz, ...");
  REQUIRE(x.chunks.size() == 4);
  CHECK(x.chunks[2].label == "blues");
}

TEST_CASE("a track is unsure below the threshold, not at it") {
  CHECK_FALSE(predicted(song, std::vector<float>{0.5F, 0.25F, 0.25F, 0}, 1, rules).unsure);
  CHECK(predicted(song, std::vector<float>{0.49F, 0.26F, 0.25F, 0}, 1, rules).unsure);
}

TEST_CASE("two labels are all there are to tell") {
  const track_prediction x = predicted(song, std::vector<float>{0.25F, 0.75F}, 1, {{"a", "b"}, 0.5, 1});
  CHECK(x.top.size() == 2);
  CHECK(x.label == "b");
}

TEST_CASE("chunks begin as far from each other as they are cut") {
  CHECK(chunk_distance({}, {}) == doctest::Approx(3.3));
  chunking_settings even;
  even.mode = "even";
  even.seconds = 5;
  CHECK(chunk_distance({}, even) == 5);
  even.seconds = 100'000; // longer than anything
  CHECK(chunk_distance({}, even) > 0);
}
