// SPDX-License-Identifier: GPL-3.0-or-later
// `fugato explore` as its users meet it.
#include "audio/wav.hpp"
#include "tests/hostile/program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace fugato;
using hostile::fugato_in;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void write_tone(const std::string& path, double hz, double seconds) {
  std::vector<std::int16_t> y(static_cast<std::size_t>(seconds * 22050));
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] = static_cast<std::int16_t>(9000 * std::sin(6.283185 * hz * static_cast<double>(i) / 22050));
  write_wav(path, y, 22050);
}

/// Two genres; the first track of one is broken.
void write_corpus(const test::temporary_folder& folder) {
  fs::create_directories(folder / "music/high");
  fs::create_directories(folder / "music/low");
  std::ofstream(folder / "music/high/a.wav") << "no audio";
  write_tone(folder / "music/high/b b.wav", 2000, 3);
  write_tone(folder / "music/high/c.wav", 3000, 3);
  write_tone(folder / "music/low/d.wav", 200, 3);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

} // namespace

TEST_CASE("one track of each genre becomes a page; a broken one is told and the next taken") {
  const test::temporary_folder folder;
  write_corpus(folder);
  const auto x = fugato_in(folder, "explore music --plots plots --curves curves --seconds 2");
  CHECK(x.code == 3);
  CHECK(x.out == "");
  CHECK(contains(x.err, "music/high/a.wav"));
  const std::string page = read_text(folder / "explore.html", errc::internal);
  CHECK(contains(page, "b b.wav"));
  CHECK(contains(page, "d.wav"));
  CHECK_FALSE(contains(page, ">c.wav"));
  CHECK(count(page, "<audio ") == 2);
  CHECK(contains(page, "0.0 to 2.0 s"));
  CHECK(fs::exists(folder / "plots/b_b.wav.spectrogram.svg"));
  CHECK(fs::exists(folder / "plots/d.wav.onset.svg"));
  CHECK(contains(read_text(folder / "curves/d.wav.csv", errc::internal), "\n86,1.9969")); // 2 s are 87 frames
  if (std::system("command -v rsvg-convert >/dev/null") == 0) {
    CHECK(read_text(folder / "plots/d.wav.onset.png", errc::internal).starts_with("\x89PNG"));
    CHECK(contains(x.err, "22 SVG and 22 PNG"));
  }
}

TEST_CASE("a file, a part of it, without audio; the same bytes again") {
  const test::temporary_folder folder;
  write_corpus(folder);
  const auto x = fugato_in(folder, "explore music/low/d.wav --from 1 --seconds 1 --no-audio -o one.html");
  CHECK(x.code == 0);
  const std::string page = read_text(folder / "one.html", errc::internal);
  CHECK(contains(page, "1.0 to 2.0 s"));
  CHECK(count(page, "<audio ") == 0);
  CHECK(fugato_in(folder, "explore music/low/d.wav --from 1 --seconds 1 --no-audio -o two.html").code == 0);
  CHECK(page == read_text(folder / "two.html", errc::internal));
  const auto two = fugato_in(folder, "explore music --per-genre 2 --set features.n_fft=1024 -o more.html");
  CHECK(contains(read_text(folder / "more.html", errc::internal), "frames of 1024 samples"));
  CHECK(count(read_text(folder / "more.html", errc::internal), "<audio ") == 3);
}

TEST_CASE("tracks of one name have files of their own, and a missing rsvg-convert is told") {
  const test::temporary_folder folder;
  fs::create_directories(folder / "music/a");
  const std::string odd = std::string(180, 'x') + " <y>'";
  write_tone(folder / ("music/a/" + odd + "1.wav"), 400, 1);
  write_tone(folder / ("music/a/" + odd + " 1.wav"), 500, 1);
  write_tone(folder / ("music/a/" + odd + "_1.wav"), 600, 1);
  const std::string command = "cd '" + folder.path().string() +
                              "' && PATH=/nowhere '" FUGATO_BINARY
                              "' explore music --per-genre 3 --plots plots --curves curves 2>err.txt";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(
      contains(read_text(folder / "err.txt", errc::internal), "rsvg-convert must be installed (Debian: librsvg2-bin)"));
  CHECK(std::distance(fs::directory_iterator(folder / "curves"), {}) == 3);
  CHECK(std::distance(fs::directory_iterator(folder / "plots"), {}) == 33);
  CHECK(contains(read_text(folder / "explore.html", errc::internal), "&lt;y&gt;"));
}

TEST_CASE("what cannot be explored is an error, and leaves no page") {
  const test::temporary_folder folder;
  write_corpus(folder);
  CHECK(fugato_in(folder, "explore nowhere").code == 1);
  CHECK(fugato_in(folder, "explore").code == 2);
  CHECK(fugato_in(folder, "explore music --seconds 0").code == 2);
  CHECK(fugato_in(folder, "explore music --per-genre 0").code == 2);
  CHECK(fugato_in(folder, "explore music --set features.n_fft=7").code == 2);
  const auto broken = fugato_in(folder, "explore music/high/a.wav");
  CHECK(broken.code == 1);
  CHECK(contains(broken.err, "at least one track must be usable"));
  const auto late = fugato_in(folder, "explore music/low/d.wav --from 60");
  CHECK(late.code == 1);
  CHECK(contains(late.err, "must last longer than --from (60 s), but ends after 3 s"));
  std::ofstream(folder / "file") << "x";
  CHECK(fugato_in(folder, "explore music/low/d.wav --plots file").code == 74);
  CHECK_FALSE(fs::exists(folder / "explore.html"));
}
