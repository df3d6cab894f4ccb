// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/row_name.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fugato;

namespace {

/// track|chunk, or the track alone.
std::string parsed(std::string_view name) {
  const row_name x = parse_row_name(name);
  return std::string(x.track) + (x.chunk ? "|" + std::to_string(*x.chunk) : "");
}

} // namespace

TEST_CASE("a number after an audio extension is a chunk of that file") {
  CHECK(parsed("blues.00000.wav.3") == "blues.00000.wav|3");
  CHECK(parsed("song.MP3.12") == "song.MP3|12");
  CHECK(parsed("rock/a b.flac.0") == "rock/a b.flac|0");
  for (const char* extension : {"wav", "bwf", "rf64", "opus", "m4a", "amr", "mp2"})
    CHECK(parsed("a." + std::string(extension) + ".7") == "a." + std::string(extension) + "|7");
}

TEST_CASE("two numbers before the extension, or at the end, are track and chunk") {
  CHECK(parsed("blues.00000.3.wav") == "blues.00000|3");
  CHECK(parsed("blues.00000.3") == "blues.00000|3");
  CHECK(parsed("17.4.au") == "17|4");
}

TEST_CASE("any other name is a track's") {
  CHECK(parsed("blues.00000.wav") == "blues.00000.wav");
  CHECK(parsed("blues.00000") == "blues.00000");
  CHECK(parsed("000002.mp3") == "000002.mp3");
  CHECK(parsed("song.txt.3") == "song.txt.3");
  CHECK(parsed("song.3x.4.wav") == "song.3x.4.wav");
  CHECK(parsed("song.3.4x.wav") == "song.3.4x.wav");
  CHECK(parsed("wav.3") == "wav.3");
  CHECK(parsed(".wav.3") == ".wav.3");
  CHECK(parsed("") == "");
  CHECK(parsed("...") == "...");
  CHECK(parsed("3") == "3");
}

TEST_CASE("a chunk can be cut from any name that ends in a number") {
  const auto cut = [](std::string_view name) {
    const auto x = cut_chunk(name);
    return x ? std::string(x->track) + "|" + std::to_string(x->chunk.value_or(0)) : "none";
  };
  CHECK(cut("song.3") == "song|3");
  CHECK(cut("trackB.mpga.0") == "trackB.mpga|0");
  CHECK(cut("blues.00000.wav.3") == "blues.00000.wav|3");
  CHECK(cut("blues.00000.wav") == "none");
  CHECK(cut("blues.00000.3.wav") == "none");
  CHECK(cut(".3") == "none");
  CHECK(cut("3") == "none");
  CHECK(cut("song.") == "none");
  CHECK(cut("song.4294967296") == "none");
}

TEST_CASE("a number too large for a chunk makes the name a track's") {
  CHECK(parsed("a.wav.4294967295") == "a.wav|4294967295");
  CHECK(parsed("a.wav.4294967296") == "a.wav.4294967296");
}
