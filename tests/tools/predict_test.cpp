// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tools/library.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace fugato::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Tones and noise in all formats, in folders within folders.
struct shelf : library {
  shelf() {
    learn();
    add("music/a.flac", music(as_flac, false, 1));
    add("music/deep/er/b.ogg", music(as_ogg, true, 2));
    add("music/deep/c.opus", music(as_opus, false, 3));
    add("music/deep/d.mp3", music(as_mp3, true, 4));
    add("music/e.wav", music(as_wav, false, 5));
  }
};

} // namespace

TEST_CASE_FIXTURE(shelf, "files and folders of all formats are classified, in the order of their listing") {
  const answer x = fugato("predict --model model music/e.wav music --format jsonl");
  CHECK(x.code == 0);
  const auto tracks = objects_of(x.out);
  REQUIRE(tracks.size() == 5);
  const std::vector<std::pair<std::string, std::string>> expected{{"music/e.wav", "tones"},
                                                                  {"music/a.flac", "tones"},
                                                                  {"music/deep/c.opus", "tones"},
                                                                  {"music/deep/d.mp3", "noise"},
                                                                  {"music/deep/er/b.ogg", "noise"}};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    CAPTURE(tracks[i].dump());
    CHECK(tracks[i]["path"] == expected[i].first);
    CHECK(tracks[i]["label"] == expected[i].second);
    CHECK(tracks[i]["unsure"] == false);
    CHECK(tracks[i]["top"].size() == 2);
    CHECK(tracks[i]["top"][0]["label"] == expected[i].second);
    CHECK(tracks[i]["agreement"].get<double>() > 0.5);
    const json& runs = tracks[i]["timeline"];
    std::uint32_t chunks = 0;
    for (const json& run : runs)
      chunks += run["chunks"].get<std::uint32_t>();
    CHECK(chunks == std::ceil(tracks[i]["seconds"].get<double>() / 3.3));
    CHECK(runs.front()["from_seconds"] == 0);
    CHECK(runs.back()["to_seconds"] == doctest::Approx(tracks[i]["seconds"].get<double>()));
    CHECK(tracks[i]["probabilities"].size() == 2);
    CHECK(tracks[i]["chunks"].empty());
  }
}

TEST_CASE_FIXTURE(shelf, "a file that cannot be read is told with its reason, and does the others no harm") {
  const std::string good = fugato("predict --model model music --format jsonl").out;
  write_text(folder / "music/deep/bad\x1B[31m.mp3", "this is no music");
  std::vector<std::byte> cut = bytes("music/a.flac");
  cut.resize(9000);
  add("music/deep/cut.flac", cut);
  const answer x = fugato("predict --model model music nowhere.wav --format jsonl");
  CHECK(x.code == 3);
  std::string rest;
  std::vector<json> failed;
  for (const std::string& line : lines_of(x.out))
    if (const json one = json::parse(line); one.contains("reason"))
      failed.push_back(one);
    else
      rest += line + "\n";
  CHECK(rest == good);
  REQUIRE(failed.size() == 3);
  CHECK(failed[0]["reason"] == "not-audio");
  CHECK(failed[0]["path"] == "music/deep/bad\\u001b[31m.mp3");
  CHECK(failed[1]["reason"] == "damaged-audio");
  CHECK(failed[2]["reason"] == "not-found");
  CHECK(x.out.find('\x1B') == std::string::npos);
  CHECK(fugato("predict --model model music nowhere.wav --allow-failures 3").code == 0);
  const answer none = fugato("predict --model model nowhere.wav");
  CHECK(none.code == 1);
  CHECK(contains(none.out, "not-found"));
  for (const char* format : {"table", "json", "csv"}) {
    const answer same = fugato(std::string("predict --model model music nowhere.wav --format ") + format);
    CHECK(same.code == 3);
    CHECK(contains(same.out, "damaged-audio"));
    CHECK(same.out.find('\x1B') == std::string::npos);
  }
}

TEST_CASE_FIXTURE(shelf, "every policy and number of workers gives the same bytes") {
  write_text(folder / "music/deep/bad.mp3", "this is no music");
  const answer first = fugato("predict --model model music --format jsonl --chunks --policy synchronous");
  CHECK(first.code == 3);
  for (const char* how : {"threads --workers 3", "processes --workers 2", "distributed --workers 2",
                          "pool-map --workers 2", "process-per-track"}) {
    CAPTURE(how);
    const answer x = fugato(std::string("predict --model model music --format jsonl --chunks --policy ") + how);
    CHECK(x.code == 3);
    CHECK(x.out == first.out);
  }
  CHECK(fugato("predict --model model music --policy threds").code == 2);
}

TEST_CASE_FIXTURE(shelf, "a track that takes its workers with it is told as lost, the others as ever") {
  const std::string good = fugato("predict --model model music --format jsonl").out;
  const answer x =
      fugato("predict --model model music --format jsonl --policy processes --workers 2", "FUGATO_FAULT=crash:c.opus");
  CHECK(x.code == 3);
  const auto lines = lines_of(x.out);
  const auto expected = lines_of(good);
  REQUIRE(lines.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    if (i != 1)
      CHECK(lines[i] == expected[i]);
  CHECK(json::parse(lines[1])["reason"] == "worker-lost");
}

TEST_CASE_FIXTURE(shelf, "what is known is told at once, though the next track takes for ever") {
  const pid_t child = fork();
  if (child == 0) {
    const std::string line =
        "cd '" + folder.path().string() +
        "' && FUGATO_FAULT=hang:c.opus exec '" FUGATO_BINARY
        "' predict --model model music --format jsonl --policy synchronous >streamed.txt 2>err.txt";
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    _exit(127);
  }
  std::string seen;
  for (int i = 0; i < 1200 && !contains(seen, "\n"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (fs::exists(folder / "streamed.txt"))
      seen = text("streamed.txt");
  }
  CHECK(waitpid(child, nullptr, WNOHANG) == 0); // it is still at work
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto tracks = objects_of(seen);
  REQUIRE(tracks.size() == 1);
  CHECK(tracks[0]["track"] == "a.flac");
}

TEST_CASE_FIXTURE(shelf, "paths come from a list or from stdin, by lines or by zero bytes") {
  write_text(folder / "list.txt", "music/e.wav\r\nmusic/deep\n\n");
  const std::string expected = fugato("predict --model model music/e.wav music/deep --format csv").out;
  CHECK(lines_of(expected).size() == 5);
  CHECK(fugato("predict --model model --files-from list.txt --format csv").out == expected);
  CHECK(fugato("predict --model model - --format csv <list.txt").out == expected);
  fs::rename(folder / "music/e.wav", folder / "music/line\nend.wav");
  write_text(folder / "list0.txt", std::string("music/line\nend.wav\0music/a.flac\0", 33));
  const answer x = fugato("predict --model model --files-from - --null --format jsonl <list0.txt");
  CHECK(x.code == 0);
  CHECK(objects_of(x.out)[0]["path"] == "music/line\\nend.wav");
  CHECK(fugato("predict --model model --files-from list0.txt").code == 2);
  CHECK(fugato("predict --model model --files-from - </dev/null").code == 2);
  CHECK(fugato("predict --model model").code == 2);
}

TEST_CASE_FIXTURE(shelf, "below the threshold a track is unsure; playlists go into a folder of their own") {
  const answer sure = fugato("predict --model model music --format m3u --out lists");
  CHECK(sure.code == 0);
  CHECK(sure.out.empty());
  CHECK(lines_of(text("lists/tones.m3u8")).size() == 2 + 2 * 3);
  CHECK(contains(text("lists/noise.m3u8"), "\n" + (folder / "music/deep/d.mp3") + "\n"));
  CHECK_FALSE(fs::exists(folder / "lists/unsure.m3u8"));
  CHECK(fugato("predict --model model music --format m3u --out lists").code == 2);
  CHECK(fugato("predict --model model music --format m3u --out all --threshold 1").code == 0);
  CHECK(lines_of(text("all/unsure.m3u8")).size() == 2 + 2 * 5);
  CHECK(contains(fugato("predict --model model music/a.flac --threshold 1").out, "unsure"));
  CHECK(fugato("predict --model model music --format m3u").code == 2);
  CHECK(fugato("predict --model model music --out lists2").code == 2);
  CHECK(fugato("predict --model model music --format csv --chunks").code == 2);
  CHECK(fugato("predict --model model music --format tabel").code == 2);
  CHECK(fugato("predict --model model music --threshold 2").code == 2);
}

TEST_CASE_FIXTURE(shelf, "output that cannot be written ends the work with an error") {
  const std::string command = "cd '" + folder.path().string() +
                              "' && timeout 300 '" FUGATO_BINARY "' predict --model model music >/dev/full 2>err.txt";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 74);
  CHECK(contains(text("err.txt"), "stdout: must be writable"));
}
