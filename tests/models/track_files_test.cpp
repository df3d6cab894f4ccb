// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "models/track_files.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

dataset with_tracks(std::vector<std::string> names) {
  dataset table;
  table.track_names = std::move(names);
  return table;
}

} // namespace

TEST_CASE("a list may have comments, blank lines, a byte order mark and any line end") {
  const scratch_folder folder("list");
  const std::string file = folder.path + "/train.txt";
  write_file(file, "\xEF\xBB\xBF"
                   "blues/blues.00029.wav\r\n\n  # faulty: jazz.00054\n\tdisco/a b, c.au \nx");
  const auto names = read_track_list(file, errc::settings);
  REQUIRE(names.size() == 3);
  CHECK(names[0].name == "blues/blues.00029.wav");
  CHECK(names[1].name == "disco/a b, c.au");
  CHECK(names[1].line == 4);
  CHECK(names[2].name == "x");
  write_file(file, "# nothing\n");
  CHECK(sentence(errc::settings, [&] { read_track_list(file, errc::settings); }) ==
        file + ": must name at least one track, found none");
  CHECK(sentence(errc::bad_table, [&] { read_track_list(folder.path + "/no.txt", errc::bad_table); }) != "no error");
}

TEST_CASE("groups are a CSV of two fields, with or without a header") {
  const scratch_folder folder("groups");
  const std::string file = folder.path + "/artists.csv";
  write_file(file, "track,group\nblues.00000,\"Hooker, John Lee\"\n# a comment\nblues.00001.wav, Robert Johnson\n");
  const auto lines = read_track_groups(file, errc::settings);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].track.name == "blues.00000");
  CHECK(lines[0].group == "Hooker, John Lee");
  CHECK(lines[1].group == "Robert Johnson");
  CHECK(lines[1].track.line == 4);
  write_file(file, "a.wav,x\nb.wav,\n");
  CHECK(sentence(errc::settings, [&] { read_track_groups(file, errc::settings); }) ==
        file + ": line 2: must be a track and its group, `track,group`, found 2 fields, one of them empty");
  write_file(file, "a.wav\n");
  CHECK(sentence(errc::settings, [&] { read_track_groups(file, errc::settings); }) ==
        file + ": line 1: must be a track and its group, `track,group`, found 1 field");
  write_file(file, "track,group\n");
  CHECK(sentence(errc::settings, [&] { read_track_groups(file, errc::settings); }) ==
        file + ": must name the group of at least one track, found none");
  write_file(file, "\"open,x\n");
  CHECK(sentence(errc::settings, [&] { read_track_groups(file, errc::settings); }).find("must be closed") !=
        std::string::npos);
}

TEST_CASE("a track is found with or without folder and extension, in all forms that tables use") {
  for (const char* in_table :
       {"blues.00001.wav", "blues.00001", "blues/blues.00001.wav", "gtzan/blues/blues.00001.au"}) {
    const dataset table = with_tracks({"blues.00000.wav", in_table, "xblues.00001.wav"});
    const track_finder finder(table);
    for (const char* name : {"blues.00001.wav", "blues.00001.au", "blues.00001", "blues/blues.00001.wav",
                             "./blues/blues.00001.WAV", "blues\\blues.00001.wav", "/gtzan/blues/blues.00001.wav"}) {
      CAPTURE(in_table);
      CAPTURE(name);
      CHECK(finder.find(name) == 1U);
    }
    CHECK(finder.find("blues.00002.wav") == std::nullopt);
    CHECK(finder.find("lues.00001.wav") == std::nullopt);
    CHECK(finder.find("") == std::nullopt);
  }
}

TEST_CASE("folders tell tracks of one name apart, and a name that fits several is an error") {
  const dataset table = with_tracks({"rock/1.wav", "jazz/1.wav", "2.wav", "2.flac", "a/3.wav", "3.wav"});
  const track_finder finder(table);
  CHECK(finder.find("jazz/1.au") == 1U);
  CHECK(finder.find("pop/1.wav") == std::nullopt);
  CHECK(finder.find("2.flac") == 3U);
  CHECK(finder.find("3.au") == 5U);
  CHECK(sentence(errc::bad_table, [&] { finder.find("1.wav"); }) ==
        "the name '1.wav' must mean one track of the table, but it means 'rock/1.wav' and 'jazz/1.wav'");
  CHECK(sentence(errc::bad_table, [&] { finder.find("2"); }) ==
        "the name '2' must mean one track of the table, but it means '2.wav' and '2.flac'");
}
