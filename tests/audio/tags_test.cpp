// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/tags.hpp"

#include "audio/clip.hpp"
#include "tests/audio/decoding.hpp"
#include "tests/audio/tagged.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace fugato;
using namespace fugato::test;
using genres = std::vector<std::string>;

namespace {

constexpr int mp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;

struct coding {
  std::string name;
  int format;
};

const coding codings[] = {
    {"FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},  {"Ogg Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
    {"Ogg Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS}, {"MP3", mp3},
    {"WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_16},    {"AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_16}};

std::vector<std::byte> music(int format, std::size_t frames = 48000) {
  return encode(format, 48000, 1, noisy(48000, frames));
}

} // namespace

TEST_CASE("a genre is written into every format, reads back, and no sample changes") {
  for (const coding& c : codings) {
    CAPTURE(c.name);
    const std::vector<std::byte> plain = music(c.format);
    CHECK(read_tags(plain, "x").format == c.name);
    CHECK(read_tags(plain, "x").genres.empty());
    std::vector<std::byte> now = plain;
    for (const genres& wanted : {genres{"jazz"}, genres{"Hip-Hop", "Drum & Bass"}, genres{"Bj\xC3\xB6rk \xE2\x99\xAB"},
                                 genres{std::string(5000, 'g')}, genres{}}) {
      now = with_genres(now, wanted, "x");
      CHECK(read_tags(now, "x").genres == wanted);
      const decoded before = decode(plain, "x", {});
      const decoded after = decode(now, "x", {});
      CHECK(after.mono == before.mono);
      CHECK(after.rate == before.rate);
      CHECK(after.damage.empty());
      CHECK(after.warning == before.warning);
    }
  }
}

TEST_CASE("other fields stay when the genre is written") {
  const std::string frames = id3_frame("TPE1", "An Artist") + id3_frame("TALB", "An Album") +
                             id3_frame("TIT2", "A Title") + id3_frame("TPE2", "The Owner") +
                             id3_frame("TXXX", std::string("key\0value", 9));
  const std::vector<std::byte> old = joined(id3_tag(frames), music(mp3));
  const std::vector<std::byte> now = with_genres(old, {"jazz"}, "x");
  const music_tags tags = read_tags(now, "x");
  CHECK(tags.genres == genres{"jazz"});
  CHECK(tags.artists == std::vector<std::string>{"An Artist"});
  CHECK(tags.album_artists == std::vector<std::string>{"The Owner"});
  CHECK(tags.album == "An Album");
  CHECK(tags.title == "A Title");
  const std::string bytes(reinterpret_cast<const char*>(now.data()), now.size());
  CHECK(bytes.starts_with("ID3\x03")); // the version that players of its owner understand
  CHECK(bytes.find(std::string("key\0value", 9)) != std::string::npos);
}

TEST_CASE("genres that are numbers of ID3v1 are looked up") {
  CHECK(genre_names("(17)", true) == genres{"Rock"});
  CHECK(genre_names("17", true) == genres{"Rock"});
  CHECK(genre_names("17", false) == genres{"17"});
  CHECK(genre_names("(17)Rock", true) == genres{"Rock"});
  CHECK(genre_names("(4)Eurodisco", true) == genres{"Disco", "Eurodisco"});
  CHECK(genre_names("(31)(39)", true) == genres{"Trance", "Noise"});
  CHECK(genre_names("(RX)", true) == genres{"Remix"});
  CHECK(genre_names("((Sub)urban", true) == genres{"(Sub)urban"});
  CHECK(genre_names("(Sub)urban", true) == genres{"(Sub)urban"});
  CHECK(genre_names("(999)", true) == genres{"(999)"});
  CHECK(genre_names(" Rock ;Pop;; Rock", true) == genres{"Rock", "Pop"});
  CHECK(genre_names("  ", true).empty());
  CHECK(genre_names("(", true) == genres{"("});
  CHECK(read_tags(joined(id3_tag(id3_frame("TCON", "(17)")), music(mp3)), "x").genres == genres{"Rock"});
  CHECK(read_tags(joined(id3_tag(id3_frame("TCON", "(4)Eurodisco")), music(mp3)), "x").genres ==
        genres{"Disco", "Eurodisco"});
}

TEST_CASE("an ID3v1 tag speaks where there is no ID3v2, and stays when that is written") {
  const std::string v1 = "TAG" + padded("A Title", 30) + padded("An Artist", 30) + padded("An Album", 30) + "1999" +
                         padded("", 30) + '\x08';
  const std::vector<std::byte> old = joined("", music(mp3), v1);
  music_tags tags = read_tags(old, "x");
  CHECK(tags.genres == genres{"Jazz"});
  CHECK(tags.artists == std::vector<std::string>{"An Artist"});
  const std::vector<std::byte> now = with_genres(old, {"blues"}, "x");
  tags = read_tags(now, "x");
  CHECK(tags.genres == genres{"blues"});
  CHECK(tags.album == "An Album");
  CHECK(std::string(reinterpret_cast<const char*>(now.data()) + now.size() - 128, 128) == v1);
}

TEST_CASE("files on the disk and what is none of theirs") {
  const temporary_folder folder;
  write_bytes(folder / "a.flac", with_genres(music(codings[0].format), {"jazz"}, "x"));
  CHECK(read_tags(folder / "a.flac").genres == genres{"jazz"});
  CHECK(caught([&] { read_tags(folder / "none.flac"); }).code() == errc::not_found);
  CHECK(caught([&] { read_tags(folder.path().string()); }).code() == errc::not_regular);
  REQUIRE(::mkfifo((folder / "fifo.mp3").c_str(), 0600) == 0);
  CHECK(caught([&] { read_tags(folder / "fifo.mp3"); }).code() == errc::not_regular);
  write_text(folder / "text.mp3", "this is no music at all");
  const error e = caught([&] { read_tags(folder / "text.mp3"); });
  CHECK(e.code() == errc::unsupported_audio);
  CHECK(std::string(e.what()).starts_with(folder / "text.mp3: "));
  write_text(folder / "empty.ogg", "");
  CHECK(caught([&] { read_tags(folder / "empty.ogg"); }).code() == errc::unsupported_audio);
}

TEST_CASE("cut and garbled files end with an error or with tags, never otherwise") {
  for (const coding& c : codings) {
    CAPTURE(c.name);
    const std::vector<std::byte> whole = with_genres(music(c.format, 12000), {"jazz"}, "x");
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 60)
      try {
        read_tags(cut_off(whole, size), "x");
        with_genres(cut_off(whole, size), {"rock"}, "x");
      } catch (const error&) {
      }
    std::uint32_t dice = 7;
    for (int round = 0; round < 60; ++round) {
      std::vector<std::byte> bytes = whole;
      for (int i = 0; i < 8; ++i) {
        dice = dice * 1664525U + 1013904223U;
        bytes[(dice >> 8U) % std::min<std::size_t>(bytes.size(), 600)] = static_cast<std::byte>(dice >> 24U);
      }
      try {
        read_tags(bytes, "x");
        with_genres(bytes, {"rock"}, "x");
      } catch (const error&) {
      }
    }
  }
}
