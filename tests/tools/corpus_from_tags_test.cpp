// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/csv.hpp"
#include "tests/tools/library.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace fugato::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Two genres of four artists with two albums of two songs each, as people keep them, and odd ones out.
struct shelf : library {
  shelf() {
    for (unsigned artist = 0; artist < 8; ++artist)
      for (unsigned album = 0; album < 2; ++album)
        for (unsigned song = 0; song < 2; ++song) {
          const bool noise = artist >= 4;
          const std::string frames = id3_frame("TPE1", "Artist " + std::to_string(artist)) +
                                     id3_frame("TALB", "Album " + std::to_string(album)) +
                                     id3_frame("TCON", noise       ? "(17)"
                                                       : song == 0 ? "Hip-Hop"
                                                                   : "hip hop");
          // the names are the same in every album
          add(fmt_path(artist, album, song),
              joined(id3_tag(frames), music(as_mp3, noise, artist * 4 + album * 2 + song, 80'000)));
        }
    add("music/none.flac", music(as_flac, false, 1, 30'000));
    add("music/# odd, \"name\".flac", fugato::with_genres(music(as_flac, false, 9, 80'000), {"HipHop", "Pop"}, "x"));
    write_text(folder / "music/bad.mp3", "this is no music");
  }

  static std::string fmt_path(unsigned artist, unsigned album, unsigned song) {
    return "music/" + std::to_string(artist) + "/" + std::to_string(album) + "/0" + std::to_string(song) + " =song.mp3";
  }

  std::vector<std::vector<std::string>> table(const std::string& name) const {
    fugato::csv_reader reader(text(name), name);
    std::vector<std::vector<std::string>> result;
    for (std::vector<std::string_view> fields; reader.next(fields);)
      result.emplace_back(fields.begin(), fields.end());
    return result;
  }
};

} // namespace

TEST_CASE_FIXTURE(shelf, "a corpus from tags is ready to run, and no artist or album is on both sides") {
  const answer x = fugato("corpus from-tags music -o corpus --alias 'hip hop=hiphop'");
  CHECK(x.code == 3); // bad.mp3
  CHECK(contains(x.err, "bad.mp3"));
  CHECK(contains(x.out, "hiphop"));
  CHECK(contains(x.out, "left out: 1 track: no genre"));
  CHECK(contains(x.out, "left out: 1 track: unreadable"));
  CHECK(contains(x.out, "33 tracks in "));
  CHECK(table("corpus/left-out.csv").size() == 3);

  const answer run = fugato("run corpus/config.json --out result --set models.xgboost.n_estimators=5");
  CHECK_MESSAGE(run.code == 0, run.err);
  CHECK_FALSE(contains(run.out, "have no group"));
  std::map<std::string, fugato::music_tags> tags; // by the track's name in the table
  for (unsigned artist = 0; artist < 8; ++artist)
    for (unsigned album = 0; album < 2; ++album)
      for (unsigned song = 0; song < 2; ++song)
        tags[folder / fmt_path(artist, album, song)] = fugato::read_tags(folder / fmt_path(artist, album, song));
  std::map<std::string, std::set<std::string>> sides_of_album;
  std::map<std::string, std::set<std::string>> sides_of_artist;
  std::set<std::string> labels;
  std::set<std::string> learnt;
  const auto rows = table("result/split.csv"); // row,track,chunk,label,part
  CHECK(rows.size() > 33);
  std::size_t odd = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    labels.insert(rows[i][3]);
    if (rows[i][4] == "train")
      learnt.insert(rows[i][3]);
    const auto found = tags.find(rows[i][1]);
    if (found == tags.end()) {
      ++odd;
      continue;
    }
    sides_of_album[found->second.artists.front() + "/" + found->second.album].insert(rows[i][4]);
    sides_of_artist[found->second.artists.front()].insert(rows[i][4]);
  }
  CHECK(odd <= 2); // chunks of the odd name's only track
  CHECK(labels == std::set<std::string>{"Rock", "hiphop"});
  CHECK(learnt == labels);
  CHECK(sides_of_album.size() == 16);
  std::set<std::string> sides;
  for (const auto& [album, parts] : sides_of_album) {
    CHECK(parts.size() == 1);
    sides.insert(*parts.begin());
  }
  CHECK(sides == std::set<std::string>{"test", "train"});
  for (const auto& [artist, parts] : sides_of_artist)
    CHECK(parts.size() == 1);
}

TEST_CASE_FIXTURE(shelf, "names that are unique are written as the corpus knows them, whatever they hold") {
  // a folder each: without artist and album it is a group
  unsigned i = 0;
  for (const char* name : {"# a.flac", " b.flac", "=c.flac", "d,\"e\".flac", "back\\slash.flac", "f.flac"}) {
    const bool noise = ++i % 2 == 0;
    add("each/" + std::to_string(i) + "/" + name,
        fugato::with_genres(music(as_flac, noise, i, 40'000), {noise ? "a" : "b"}, "x"));
  }
  const answer x = fugato("corpus from-tags each -o corpus --min-per-class 2 --json");
  CHECK(x.code == 0);
  const json told = json::parse(x.out);
  CHECK(told["tracks"] == 6);
  CHECK(told["groups"] == 6);
  CHECK(told["by_folder"] == 6);
  const answer run = fugato("run corpus/config.json --out result --set models.xgboost.n_estimators=2");
  CHECK_MESSAGE(run.code == 0, run.err);
  CHECK_FALSE(contains(run.out, "have no group"));
}

TEST_CASE_FIXTURE(shelf, "what cannot become a corpus is told, and makes nothing") {
  const answer few = fugato("corpus from-tags music -o corpus --min-per-class 20");
  CHECK(few.code == 1);
  CHECK(contains(few.err, "at least two labels"));
  CHECK(contains(few.out, "fewer than 20 tracks of the genre"));
  CHECK(fugato("corpus from-tags nowhere -o corpus").code != 0);
  CHECK(fugato("corpus from-tags music -o corpus --groups artists").code == 2);
  CHECK(fugato("corpus from-tags music -o corpus --alias hiphop").code == 2);
  CHECK(fugato("corpus from-tags music -o corpus --aliases nowhere.csv").code == 2);
  CHECK_FALSE(fs::exists(folder / "corpus"));
  CHECK(fugato("corpus from-tags music -o corpus").code == 3);
  const answer again = fugato("corpus from-tags music -o corpus");
  CHECK(again.code == 2);
  CHECK(contains(again.err, "must not exist yet"));
}
