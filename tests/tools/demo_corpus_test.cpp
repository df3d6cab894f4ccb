// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_corpus.hpp"

#include "audio/wav.hpp"
#include "config/error.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using namespace fugato;

namespace {

struct scratch {
  fs::path dir = fs::temp_directory_path() / ("fugato-demo-test-" + std::to_string(::getpid()));
  scratch() { fs::create_directories(dir); }
  ~scratch() { fs::remove_all(dir); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("a demo corpus has GTZAN's shape, is kept, and is repaired the same") {
  const scratch here;
  const std::string dir = here.dir / "corpus";
  std::vector<std::size_t> progress;
  const auto note = [&](std::size_t done, std::size_t total) {
    CHECK(total == 10);
    progress.push_back(done);
  };
  const demo_summary made = render_demo_corpus(dir, 1, note, 2);
  CHECK(made.tracks == 10);
  CHECK(made.skipped == 0);
  CHECK(made.seconds == doctest::Approx(10 * 661794 / 22050.));
  CHECK(progress == std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  for (const char* genre :
       {"blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"}) {
    const fs::path track = fs::path(dir) / genre / (std::string(genre) + ".00000.wav");
    REQUIRE(fs::exists(track));
    CHECK(fs::file_size(track) == wav_bytes(661794));
  }
  CHECK(is_demo_corpus(dir));
  CHECK(bytes_of(dir + "/README.txt").find("means nothing about music") != std::string::npos);

  progress.clear();
  const demo_summary again = render_demo_corpus(dir, 1, note, 2);
  CHECK(again.tracks == 10);
  CHECK(again.skipped == 10);
  CHECK(progress.empty());

  const fs::path cut = dir + "/jazz/jazz.00000.wav";
  const std::string whole = bytes_of(cut);
  fs::resize_file(cut, 1000);
  CHECK(render_demo_corpus(dir, 1, {}, 1).skipped == 9);
  CHECK(bytes_of(cut) == whole);
}

TEST_CASE("no tracks are no work") {
  const scratch here;
  CHECK(render_demo_corpus(here.dir / "none", 0, {}, 0).tracks == 0);
  CHECK_FALSE(fs::exists(here.dir / "none"));
}

TEST_CASE("a corpus that cannot be written is an output error that names the place") {
  const scratch here;
  const std::string file = here.dir / "file";
  std::ofstream(file) << "in the way";
  try {
    render_demo_corpus(file, 1, {}, 2);
    FAIL("a file is no folder");
  } catch (const error& e) {
    CHECK(e.code() == errc::output);
    CHECK(std::string(e.what()).starts_with(file));
  }
}

TEST_CASE("a folder without the README, or with another one, is no demo corpus") {
  const scratch here;
  CHECK_FALSE(is_demo_corpus(here.dir));
  std::ofstream(here.dir / "README.txt") << "These are my recordings.\n";
  CHECK_FALSE(is_demo_corpus(here.dir));
}
