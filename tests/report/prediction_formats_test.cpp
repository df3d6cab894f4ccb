// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction_formats.hpp"

#include "config/csv.hpp"
#include "config/read_text.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>
#include <unistd.h>

using namespace fugato;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Two sure tracks, one unsure, one that failed, with names that would harm.
std::string told(std::string_view format, bool chunks = false, const std::string& folder = "") {
  const prediction_rules rules{{"=jazz, cool", "rock"}, 0.6, 3.0};
  std::string text;
  const auto writer = prediction_formats().at(format).begin(
      {"knn", rules, 12, chunks, [&text](const std::string& x) { text += x; }, folder});
  const auto song = [](const std::string& name) { return track{0, "/music/" + name, name, ""}; };
  writer->add(
      predicted(song("a,\"b\".wav"), std::vector<float>{0.75F, 0.25F, 0.25F, 0.75F, 0.75F, 0.25F, 1, 0}, 11, rules));
  writer->add(not_predicted(song("x.wav"), errc::not_audio, "x.wav: must be audio, \x1B[31mbut"));
  writer->add(predicted({0, "/music/\x1B\n.wav", "\\u001b.wav", ""}, std::vector<float>{0.5F, 0.5F}, 3, rules));
  writer->add(predicted(song("r.wav"), std::vector<float>{0.25F, 0.75F}, 3, rules));
  writer->finish();
  CHECK(text.find('\x1B') == std::string::npos);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

} // namespace

TEST_CASE("the table has a line a track, in their order, and says why one failed") {
  const auto lines = lines_of(told("table"));
  REQUIRE(lines.size() == 5);
  CHECK(lines[1].starts_with("a,\"b\".wav "));
  CHECK(lines[1].find("=jazz, cool 0.688  rock 0.312") != std::string::npos);
  CHECK(lines[1].find("0.75  1 =jazz, cool, 1 rock, 2 =jazz, cool") != std::string::npos);
  CHECK(lines[2].find("not-audio: x.wav: must be audio, \\u001b[31mbut") != std::string::npos);
  CHECK(lines[3].find(" unsure ") != std::string::npos);
  CHECK(lines_of(told("table", true)).size() == 5 + 6);
}

TEST_CASE("JSON is one object, JSON lines an object each") {
  const json all = json::parse(told("json"));
  CHECK(all["model"] == "knn");
  CHECK(all["labels"] == json{"=jazz, cool", "rock"});
  REQUIRE(all["tracks"].size() == 3);
  CHECK(all["tracks"][0]["agreement"] == 0.75);
  CHECK(all["tracks"][0]["chunks"].empty());
  CHECK(all["tracks"][1]["unsure"] == true);
  CHECK(all["tracks"][1]["path"] == "/music/\\u001b\\n.wav");
  REQUIRE(all["failures"].size() == 1);
  CHECK(all["failures"][0]["reason"] == "not-audio");
  CHECK(json::parse(told("json", true))["tracks"][0]["chunks"].size() == 4);

  const auto lines = lines_of(told("jsonl", true));
  REQUIRE(lines.size() == 4);
  CHECK(json::parse(lines[0]) == json::parse(told("json", true))["tracks"][0]);
  CHECK(json::parse(lines[1]) == all["failures"][0]);
  CHECK(json::parse(lines[3])["label"] == "rock");
}

TEST_CASE("CSV has as many fields in each record, and no formula") {
  csv_reader reader(told("csv"), "csv");
  std::vector<std::vector<std::string>> records;
  for (std::vector<std::string_view> fields; reader.next(fields);)
    records.emplace_back(fields.begin(), fields.end());
  REQUIRE(records.size() == 5);
  for (const auto& record : records) {
    CHECK(record.size() == records[0].size());
    for (const std::string& cell : record)
      CHECK_FALSE(cell.starts_with('='));
  }
  const auto column = [&](const std::string& name) {
    const auto found = std::find(records[0].begin(), records[0].end(), name);
    REQUIRE(found != records[0].end());
    return static_cast<std::size_t>(found - records[0].begin());
  };
  CHECK(records[1][column("track")] == "a,\"b\".wav");
  CHECK(records[1][column("label")] == "\\u003djazz, cool");
  CHECK(records[1][column("probability")] == "0.687500");
  CHECK(records[1][column("second")] == "rock");
  CHECK(records[1][column("third")].empty());
  CHECK(records[1][column("chunks")] == "4");
  CHECK(records[1][column("p_rock")] == "0.312500");
  CHECK(records[2][column("reason")] == "not-audio");
  CHECK(records[2][column("label")].empty());
  CHECK(records[3][column("unsure")] == "1");
}

TEST_CASE("playlists are a file a genre in a folder that appears whole") {
  const fs::path folder = fs::temp_directory_path() / ("fugato-playlists-" + std::to_string(getpid()));
  CHECK(told("m3u", false, folder.string()).empty());
  const auto file = [&](const char* name) { return read_text((folder / name).string(), errc::internal); };
  CHECK(file("=jazz, cool.m3u8") == "#EXTM3U\n#PLAYLIST:=jazz, cool\n#EXTINF:11,a,\"b\".wav\n/music/a,\"b\".wav\n");
  CHECK(file("unsure.m3u8") == "#EXTM3U\n#PLAYLIST:unsure\n#EXTINF:3,\\u001b.wav\nfile:///music/%1B%0A.wav\n");
  CHECK(file("rock.m3u8").ends_with("/music/r.wav\n"));
  CHECK(file("failures.csv").starts_with("path,reason,sentence\n/music/x.wav,not-audio,"));
  CHECK(sentence(errc::usage, [&] { told("m3u", false, folder.string()); }).find("must not exist yet") !=
        std::string::npos);
  fs::remove_all(folder);
}

TEST_CASE("a label becomes a harmless file name, a path a line") {
  CHECK(file_name_of("AC/DC") == "AC_DC");
  CHECK(file_name_of("..") == "_");
  CHECK(file_name_of(".hidden") == "_.hidden");
  CHECK(file_name_of("-rf") == "_-rf");
  CHECK(file_name_of("") == "_");
  CHECK(file_name_of("a\n\x1B") == "a_n_u001b");
  CHECK(file_name_of(std::string(300, 'x')).size() <= 104);
  CHECK(playlist_line("/a/./b c.mp3") == "/a/b c.mp3");
  CHECK(playlist_line("x.mp3") == (fs::current_path() / "x.mp3").string());
  CHECK(playlist_line("/a\nb.mp3") == "file:///a%0Ab.mp3");
  CHECK(playlist_line("/caf\xE9.mp3") == "file:///caf%E9.mp3");
}
