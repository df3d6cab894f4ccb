// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "models/duplicates.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace fugato;

namespace {

using strings = std::vector<std::string>;

/// Tracks 0, 1, 4 of blobs' 30 are tested with, row by row.
split some_tested(const dataset& t) {
  split parts;
  for (std::uint32_t i = 0; i < t.rows(); ++i)
    (t.tracks[i] < 2 || t.tracks[i] == 4 ? parts.test : parts.train).push_back(i);
  return parts;
}

/// Gives a track the rows of another, changed a little.
void copy_track(dataset& t, std::uint32_t from, std::uint32_t to, float change = 0) {
  for (std::uint32_t chunk = 0; chunk < 4; ++chunk)
    for (std::size_t j = 0; j < t.width(); ++j)
      t.values[(4 * to + chunk) * t.width() + j] = t.row(4 * from + chunk)[j] + change;
}

} // namespace

TEST_CASE("tracks that differ are not duplicates") {
  const dataset t = blobs();
  const duplicate_report found = find_duplicates(t, some_tested(t));
  CHECK(found.equal.empty());
  CHECK(found.near.empty());
  CHECK(found.typical_distance > 0);
}

TEST_CASE("tracks with equal rows are found on both sides of the split, and on one") {
  dataset t = blobs();
  copy_track(t, 0, 29);
  copy_track(t, 0, 7);
  copy_track(t, 11, 12);
  const duplicate_report found = find_duplicates(t, some_tested(t));
  REQUIRE(found.equal.size() == 2);
  CHECK(found.equal[0].tracks == strings{"genre0.0.wav", "genre0.7.wav", "genre2.9.wav"});
  CHECK(found.equal[0].labels == strings{"genre0", "genre0", "genre2"});
  CHECK(found.equal[0].sides == strings{"test", "train", "train"});
  CHECK(found.equal[0].across);
  CHECK(found.equal[1].tracks == strings{"genre1.1.wav", "genre1.2.wav"});
  CHECK_FALSE(found.equal[1].across);
  CHECK(found.near.empty()); // equal ones are not told twice
}

TEST_CASE("the order of a table's rows does not hide equal tracks") {
  dataset t = blobs();
  copy_track(t, 0, 29);
  for (std::size_t j = 0; j < t.width(); ++j)
    std::swap(t.values[116 * t.width() + j], t.values[119 * t.width() + j]);
  CHECK(find_duplicates(t, some_tested(t)).equal.empty());
  std::swap(t.chunks[116], t.chunks[119]);
  CHECK(find_duplicates(t, some_tested(t)).equal.size() == 1);
}

TEST_CASE("a test track that is almost a training track is near to it") {
  dataset t = blobs();
  copy_track(t, 1, 20, 0.01F);
  copy_track(t, 2, 3, 0.01F); // both are learnt from
  const duplicate_report found = find_duplicates(t, some_tested(t));
  CHECK(found.equal.empty());
  REQUIRE(found.near.size() == 1);
  CHECK(found.near[0].track == "genre0.1.wav");
  CHECK(found.near[0].label == "genre0");
  CHECK(found.near[0].side == "test");
  CHECK(found.near[0].other == "genre2.0.wav");
  CHECK(found.near[0].other_side == "train");
  CHECK(found.near[0].ratio < found.threshold);
  CHECK(found.near[0].ratio == found.near[0].distance / found.typical_distance);
  const std::string text = to_json(found);
  duplicate_report back;
  read_json(text, {"d.json", ""}, description_of(back));
  CHECK(to_json(back) == text);
}

TEST_CASE("the distance is that of the tracks' means, columns standardised") {
  dataset t;
  t.columns = {"x", "y"};
  t.track_names = {"a", "b", "c"};
  t.values = {0, 10, 2, 10, 1, 30, 5, 50}; // a: (1, 10), b: (1, 30), c: (5, 50)
  t.tracks = {0, 0, 1, 2};
  t.chunks = {0, 1, 0, 0};
  split parts;
  parts.test = {0, 1};
  parts.train = {2, 3};
  // standard deviations over the rows: of 0 2 1 5: sqrt(3.5), of 10 10 30 50: sqrt(275)
  CHECK(find_duplicates(t, parts).typical_distance == doctest::Approx(20 / std::sqrt(275.0)).epsilon(1e-6));
}

TEST_CASE("with a leaky split a track is not its own neighbour") {
  dataset t = blobs();
  copy_track(t, 1, 20, 0.01F);
  split parts;
  for (std::uint32_t i = 0; i < t.rows(); ++i)
    (i % 2 == 0 ? parts.test : parts.train).push_back(i);
  const duplicate_report found = find_duplicates(t, parts);
  REQUIRE(found.near.size() == 2);
  for (const near_tracks& x : found.near) {
    CHECK(x.track != x.other);
    CHECK(x.side == "both");
  }
}

TEST_CASE("a table that names no tracks, or a side without tracks, has no duplicates") {
  dataset t = blobs();
  CHECK(find_duplicates(t, {}).near.empty());
  const split parts = some_tested(t);
  t.tracks.clear();
  t.track_names.clear();
  t.chunks.clear();
  CHECK(find_duplicates(t, parts).equal.empty());
}
