// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "models/split.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace fugato;

namespace {

using numbers = std::vector<std::uint32_t>;

dataset unlabelled(std::size_t rows) {
  dataset t;
  t.columns = {"x"};
  t.values.resize(rows);
  return t;
}

} // namespace

TEST_CASE("random-chunk parts rows as scikit-learn's train_test_split") {
  // scikit-learn 1.2.1
  CHECK(split_rows(unlabelled(20), {"random-chunk", 0.3, 42}).test == numbers{0, 1, 5, 8, 15, 17});
  CHECK(split_rows(unlabelled(101), {"random-chunk", 0.25, 7}).test ==
        numbers{2, 5, 11, 12, 13, 15, 17, 18, 20, 22, 26, 37, 40, 45, 49, 50, 52, 66, 71, 78, 85, 86, 88, 93, 94, 98});
}

TEST_CASE("grouped-track parts tracks as scikit-learn's GroupShuffleSplit, by their names") {
  dataset t = unlabelled(30);
  t.track_names = {"t0", "t7", "t4", "t1", "t8", "t5", "t2", "t9", "t6", "t3"};
  for (std::uint32_t i = 0; i < 30; ++i) {
    t.tracks.push_back(i % 10);
    t.chunks.push_back(i / 10);
  }
  // scikit-learn 1.2.1, groups t0 t7 t4 ... t3, three times
  CHECK(split_rows(t, {"grouped-track", 0.3, 42}).test == numbers{3, 4, 5, 13, 14, 15, 23, 24, 25});
}

TEST_CASE("each row is on one side, in the table's order") {
  const dataset t = blobs();
  for (const split_kind& kind : split_kinds()) {
    const split parts = split_rows(t, {std::string(kind.name), 0.3, 1});
    CHECK(std::is_sorted(parts.train.begin(), parts.train.end()));
    CHECK(std::is_sorted(parts.test.begin(), parts.test.end()));
    numbers all;
    std::merge(parts.train.begin(), parts.train.end(), parts.test.begin(), parts.test.end(), std::back_inserter(all));
    numbers expected(t.rows());
    std::iota(expected.begin(), expected.end(), 0U);
    CHECK(all == expected);
    CHECK(parts.kind == kind.name);
    CHECK(parts.leaky == kind.leaky);
  }
}

TEST_CASE("grouped-track never has a track on both sides, random-chunk does") {
  const dataset t = blobs();
  const auto shared_tracks = [&](const std::string& kind, std::uint32_t seed) {
    const split parts = split_rows(t, {kind, 0.3, seed});
    std::set<std::uint32_t> learnt;
    for (const auto row : parts.train)
      learnt.insert(t.tracks[row]);
    return std::count_if(parts.test.begin(), parts.test.end(),
                         [&](auto row) { return learnt.contains(t.tracks[row]); });
  };
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    CHECK(shared_tracks("grouped-track", seed) == 0);
    CHECK(shared_tracks("random-chunk", seed) > 0);
  }
}

TEST_CASE("some of the rows can be parted alone") {
  const dataset t = blobs();
  numbers some;
  for (std::uint32_t i = 0; i < t.rows(); i += 2)
    some.push_back(i);
  const split parts = split_rows(t, some, {"grouped-track", 0.2, 42});
  CHECK(parts.train.size() + parts.test.size() == some.size());
  for (const auto row : parts.test)
    CHECK(row % 2 == 0);
}

TEST_CASE("a class without rows to learn from is an error") {
  dataset t = blobs({.classes = 2, .tracks_per_class = 4, .chunks = 2});
  for (std::size_t i = 0; i < t.rows(); ++i)
    t.labels[i] = t.tracks[i] == 5 ? 1 : 0; // one track of class 1
  int refused = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    try {
      const split parts = split_rows(t, {"grouped-track", 0.4, seed});
      CHECK(std::count(parts.train.begin(), parts.train.end(), 10) == 1);
    } catch (const error& e) {
      ++refused;
      CHECK(std::string(e.what()) ==
            "class 'genre1' must have rows to learn from, but grouped-track with test size 0.4 and seed " +
                std::to_string(seed) +
                " sends all of them to the test; it needs more tracks, another seed or a smaller test part");
    }
  }
  CHECK(refused > 0);
  CHECK(refused < 20);
}

TEST_CASE("tables that cannot be parted are errors that say why") {
  CHECK(sentence(errc::bad_table, [] { split_rows(unlabelled(10), {}); }) ==
        "split.kind = grouped-track needs a table that names the track of each row, but this one has no column "
        "file_name; split.kind = random-chunk works without");
  CHECK(sentence(errc::bad_table,
                 [] {
                   split_rows(unlabelled(1), {"random-chunk", 0.3, 0});
                 }) ==
        "a split needs rows on both sides; with 1 rows and split.test_size = 0.3, 0 are left to learn from and 1 to "
        "test with");
  CHECK(sentence(errc::bad_table, [] { split_rows(unlabelled(0), {"random-chunk", 0.3, 0}); }) != "no error");
  CHECK(sentence(errc::bad_table,
                 [] {
                   split_rows(blobs({.classes = 1, .tracks_per_class = 1}), {"grouped-track", 0.3, 0});
                 }) ==
        "a split needs tracks on both sides; with 1 tracks and split.test_size = 0.3, 0 are left to learn from "
        "and 1 to test with");
  CHECK(sentence(errc::settings, [] {
          split_rows(unlabelled(10), {"grouped-trak", 0.3, 0});
        }) == "unknown split.kind 'grouped-trak'; did you mean 'grouped-track'?");
}

TEST_CASE("split settings read from JSON, wrong ones are refused") {
  split_settings s;
  read_json(R"({"kind": "random-chunk", "test_size": 0.25, "seed": 4294967295})", {"s.json", ""}, description_of(s));
  CHECK(s.kind == "random-chunk");
  CHECK(s.test_size == 0.25);
  CHECK(s.seed == 4294967295U);
  for (const char* wrong :
       {R"({"kind": "x"})", R"({"test_size": 0})", R"({"test_size": 1})", R"({"seed": 4294967296})"})
    CHECK(sentence(errc::settings, [&] { read_json(wrong, {"s.json", ""}, description_of(s)); }) != "no error");
}
