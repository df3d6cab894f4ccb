// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/track_list.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("tracks come back as they were packed") {
  const std::vector<track> all{{0, "/c/rock/a.wav", "a.wav", "rock"},
                               {1, "/c/jazz/b.wav", "jazz/b.wav", "jazz"},
                               {2, "=odd.wav", "\\u003dodd.wav", "rock"},
                               {3, "x", "x", ""},
                               {4, "y", "", ""}};
  const track_list packed = all;
  REQUIRE(packed.size() == all.size());
  std::size_t i = 0;
  for (const track& x : packed) {
    CHECK(x.id == i);
    CHECK(x.path == all[i].path);
    CHECK(x.name == all[i].name);
    CHECK(x.label == all[i].label);
    CHECK(packed.path(i) == all[i].path);
    CHECK(packed.label(i) == all[i].label);
    ++i;
  }
  const std::vector<track> again = packed;
  CHECK(again.size() == all.size());
  CHECK(again[1].name == "jazz/b.wav");
}

TEST_CASE("ids count from 0 whatever they were") {
  track_list x;
  x.add({7, "a.wav", "a.wav", ""});
  CHECK(x[0].id == 0);
  CHECK(track_list().empty());
}

TEST_CASE("many tracks, with paths that share much, little, or are longer than can be shared") {
  std::vector<track> all;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const std::string name = "track." + std::to_string(i * i) + ".wav";
    const std::string folder = i % 7 == 0 ? "/" : i % 7 == 3 ? std::string(70'000, 'x') + "/" : "/music/genre/";
    all.push_back({i, folder + name, i % 5 == 0 ? "own name" : name, i % 2 == 0 ? "a" : "b"});
  }
  const track_list packed = all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const track x = packed[i];
    REQUIRE(x.path == all[i].path);
    REQUIRE(x.name == all[i].name);
    REQUIRE(x.label == all[i].label);
    REQUIRE(packed.path(i) == all[i].path);
  }
}
