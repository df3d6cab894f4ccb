// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/tagged_corpus.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace fugato;

namespace {

tagged_track song(const std::string& path, const std::string& genre, const std::string& artist,
                  const std::string& album, const std::string& owner = "") {
  tagged_track x{path, {}, ""};
  if (!genre.empty())
    x.tags.genres = {genre};
  if (!artist.empty())
    x.tags.artists = {artist};
  if (!owner.empty())
    x.tags.album_artists = {owner};
  x.tags.album = album;
  return x;
}

corpus_rules small(const std::string& groups = "both") {
  corpus_rules result;
  result.groups = groups;
  result.min_per_class = 1;
  result.min_groups = 1;
  return result;
}

std::map<std::string, std::string> groups(const std::vector<tagged_track>& tracks, const std::string& by = "both") {
  std::map<std::string, std::string> result;
  for (const chosen_track& x : corpus_of_tags(tracks, small(by)).tracks)
    result[x.path] = x.group;
  return result;
}

std::string reason_of(const tagged_corpus& corpus, const std::string& path) {
  for (const left_out_track& x : corpus.left_out)
    if (x.path == path)
      return x.reason;
  return "";
}

} // namespace

TEST_CASE("tracks of an artist or an album are one group, also by way of others") {
  const std::vector<tagged_track> tracks{
      song("/m/a/1.mp3", "x", "Ann", "First"), song("/m/b/2.mp3", "x", "ann ", "Second"),
      song("/m/c/3.mp3", "x", "Bob", "Both", "Bob"), song("/m/d/4.mp3", "x", "Eve", "Other"),
      song("/m/c/5.mp3", "x", "Eve", "Both", "Bob")};
  auto both = groups(tracks);
  CHECK(both["/m/a/1.mp3"] == both["/m/b/2.mp3"]);
  CHECK(both["/m/c/3.mp3"] == both["/m/d/4.mp3"]); // by Eve's song on Bob's album
  CHECK(both["/m/a/1.mp3"] != both["/m/c/3.mp3"]);
  auto album = groups(tracks, "album");
  CHECK(album["/m/c/3.mp3"] == album["/m/c/5.mp3"]);
  CHECK(album["/m/d/4.mp3"] != album["/m/c/5.mp3"]);
  CHECK(album["/m/a/1.mp3"] != album["/m/b/2.mp3"]);
  auto artist = groups(tracks, "artist");
  CHECK(artist["/m/d/4.mp3"] == artist["/m/c/5.mp3"]);
}

TEST_CASE("an album is told by its title and artist, or by its title and folder; discs lie beside each other") {
  auto x = groups({song("/m/hits/cd1/1.mp3", "x", "A", "Hits"), song("/m/hits/CD 2/2.mp3", "x", "B", "Hits"),
                   song("/m/else/3.mp3", "x", "C", "Hits"), song("/m/far/4.mp3", "x", "C", "hits")},
                  "album");
  CHECK(x["/m/hits/cd1/1.mp3"] == x["/m/hits/CD 2/2.mp3"]);
  CHECK(x["/m/hits/cd1/1.mp3"] != x["/m/else/3.mp3"]);
  CHECK(x["/m/else/3.mp3"] == x["/m/far/4.mp3"]);
}

TEST_CASE("names that say nothing tie nothing together, but the album of various artists does") {
  auto x = groups({song("/m/a/1.mp3", "x", "Various Artists", "One"), song("/m/b/2.mp3", "x", "various artists", "Two"),
                   song("/m/c/3.mp3", "x", "A", "Three", "Various Artists"),
                   song("/m/d/4.mp3", "x", "B", "Three", "Various Artists"),
                   song("/m/e/5.mp3", "x", "", "Unknown Album"), song("/m/f/6.mp3", "x", "Unknown", "Unknown Album")});
  CHECK(x["/m/a/1.mp3"] != x["/m/b/2.mp3"]);
  CHECK(x["/m/c/3.mp3"] == x["/m/d/4.mp3"]);
  CHECK(x["/m/e/5.mp3"] != x["/m/f/6.mp3"]);
}

TEST_CASE("tracks without artist and album are held together by their folder") {
  const std::vector<tagged_track> tracks{song("/m/a/1.mp3", "x", "", ""),  song("/m/a/2.mp3", "x", "", ""),
                                         song("/m/b/3.mp3", "x", "", ""),  song("/m/c/4.mp3", "x", "A", "T"),
                                         song("/m/c/5.mp3", "x", "", ""),  song("/m/d/6.mp3", "x", "B", ""),
                                         song("/m/d/7.mp3", "x", "C", ""), song("/m/d/8.mp3", "x", "", "")};
  auto x = groups(tracks);
  CHECK(x["/m/a/1.mp3"] == x["/m/a/2.mp3"]);
  CHECK(x["/m/a/1.mp3"] != x["/m/b/3.mp3"]);
  CHECK(x["/m/c/4.mp3"] == x["/m/c/5.mp3"]); // a stray amid one album
  CHECK(x["/m/d/6.mp3"] != x["/m/d/7.mp3"]); // a folder of many artists
  CHECK(x["/m/d/8.mp3"] != x["/m/d/6.mp3"]);
  CHECK(corpus_of_tags(tracks, small()).summary.by_folder == 5);
}

TEST_CASE("no tie is torn, whatever the order of the tracks") {
  std::vector<tagged_track> tracks;
  for (int i = 0; i < 200; ++i)
    tracks.push_back(song("/m/" + std::to_string(i * 7 % 40) + "/" + std::to_string(i) + ".mp3", "x",
                          "artist " + std::to_string(i * 13 % 60), "album " + std::to_string(i * 5 % 50)));
  auto parts = [&] {
    std::map<std::string, std::set<std::string>> members;
    for (const auto& [path, group] : groups(tracks))
      members[group].insert(path);
    std::set<std::set<std::string>> result;
    for (const auto& [group, paths] : members)
      result.insert(paths);
    return result;
  };
  const auto forwards = parts();
  auto by = groups(tracks);
  for (const tagged_track& a : tracks)
    for (const tagged_track& b : tracks)
      if (a.tags.artists == b.tags.artists)
        CHECK(by[a.path] == by[b.path]);
  std::reverse(tracks.begin(), tracks.end());
  CHECK(parts() == forwards);
}

TEST_CASE("spellings of a genre are one label, spelt as most do; aliases rename and leave out") {
  corpus_rules rules = small();
  rules.aliases = {{"Electronica", "electronic"}, {"podcast", ""}};
  const tagged_corpus x =
      corpus_of_tags({song("/1", "Hip-Hop", "A", ""), song("/2", "hip hop", "B", ""), song("/3", "Hip-Hop", "C", ""),
                      song("/4", "electronica", "D", ""), song("/5", "Electronic", "E", ""),
                      song("/6", "Podcast", "F", ""), song("/7", "electronic", "G", ""), song("/8", "", "H", "")},
                     rules);
  REQUIRE(x.summary.labels.size() == 2);
  CHECK(x.summary.labels[0].label == "Hip-Hop");
  CHECK(x.summary.labels[0].tracks == 3);
  CHECK(x.summary.labels[0].spellings == std::vector<std::string>{"Hip-Hop", "hip hop"});
  CHECK(x.summary.labels[1].label == "electronic");
  CHECK(reason_of(x, "/6") == "genre left out by an alias");
  CHECK(reason_of(x, "/8") == "no genre");
  CHECK(corpus_text(x.summary).find("Hip-Hop: also spelt Hip-Hop and hip hop") != std::string::npos);
}

TEST_CASE("several genres: the first counts, or the track is left out; equal ones are one") {
  tagged_track two = song("/1", "Rock", "A", "");
  two.tags.genres = {"Rock", "Pop"};
  tagged_track same = song("/2", "Rock", "B", "");
  same.tags.genres = {"Hip-Hop", "hiphop"};
  corpus_rules rules = small();
  const tagged_corpus first = corpus_of_tags({two, same}, rules);
  CHECK(first.tracks.size() == 2);
  CHECK(first.tracks[0].label == "Rock");
  CHECK(first.summary.several_genres == 1);
  rules.several = "skip";
  const tagged_corpus skipped = corpus_of_tags({two, same}, rules);
  CHECK(skipped.tracks.size() == 1);
  CHECK(reason_of(skipped, "/1") == "several genres");
}

TEST_CASE("classes of few tracks or groups are left out, and every file is accounted for") {
  std::vector<tagged_track> tracks;
  for (int i = 0; i < 12; ++i) {
    tracks.push_back(song("/rock/" + std::to_string(i), "rock", "R" + std::to_string(i % 3), ""));
    tracks.push_back(song("/jazz/" + std::to_string(i), "jazz", "Miles", ""));
  }
  tracks.push_back(song("/polka", "polka", "P", ""));
  tracks.push_back({"/broken", {}, "/broken: must be ..."});
  tracks.push_back(song("/line\nend", "rock", "R9", ""));
  const tagged_corpus x = corpus_of_tags(tracks, {});
  CHECK(x.tracks.size() == 12);
  CHECK(x.summary.groups == 3);
  CHECK(x.summary.largest_group == 4);
  CHECK(reason_of(x, "/jazz/0") == "fewer than 2 groups of the genre");
  CHECK(reason_of(x, "/polka") == "fewer than 10 tracks of the genre");
  CHECK(reason_of(x, "/broken") == "unreadable");
  CHECK(reason_of(x, "/line\nend").starts_with("a line end"));
  CHECK(x.tracks.size() + x.left_out.size() == tracks.size());
}
