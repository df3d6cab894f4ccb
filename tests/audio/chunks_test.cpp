// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/chunks.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

std::vector<chunk> even(std::size_t samples, double seconds, const std::string& tail) {
  return cut(samples, 22050, {"even", seconds, tail});
}

} // namespace

TEST_CASE("mode report cuts GTZAN's lengths into nine whole chunks and a tail") {
  struct {
    std::size_t samples, tail;
  } const cases[] = {{660000, 5115}, {661794, 6909}, {675808, 20923}};
  for (const auto& [samples, tail] : cases) {
    const std::vector<chunk> chunks = cut(samples, 22050, {});
    REQUIRE(chunks.size() == 10);
    for (std::size_t i = 0; i < 9; ++i) {
      CHECK(chunks[i].first == 72765 * i);
      CHECK(chunks[i].size == 72766);
    }
    CHECK(chunks[9].first == 654885);
    CHECK(chunks[9].size == tail);
  }
}

TEST_CASE("mode report makes 1 + ceil(max(0, N - 72766) / 72765) chunks that reach the end") {
  for (const std::size_t samples : {1U, 511U, 72765U, 72766U, 72767U, 145530U, 145531U, 145532U, 1000000U}) {
    CAPTURE(samples);
    const std::vector<chunk> chunks = cut(samples, 44100, {});
    const std::size_t rest = samples > 72766 ? samples - 72766 : 0;
    CHECK(chunks.size() == 1 + (rest + 72764) / 72765);
    CHECK(chunks.back().first + chunks.back().size == samples);
    CHECK(chunks.back().size >= (chunks.size() > 1 ? 2 : 1));
  }
  CHECK(cut(72766, 22050, {}).size() == 1);
  CHECK(cut(72767, 22050, {}).size() == 2);
}

TEST_CASE("mode even drops, keeps or pads the tail") {
  CHECK(even(66150 * 3 + 100, 3, "drop").size() == 3);
  const std::vector<chunk> kept = even(66150 * 3 + 100, 3, "keep");
  REQUIRE(kept.size() == 4);
  CHECK(kept[3].first == 66150 * 3);
  CHECK(kept[3].size == 100);
  const std::vector<chunk> padded = even(66150 * 3 + 100, 3, "pad");
  REQUIRE(padded.size() == 4);
  CHECK(padded[3].size == 66150);
}

TEST_CASE("mode even has no tail when the chunks come out even") {
  for (const char* tail : {"drop", "keep", "pad"})
    CHECK(even(66150 * 2, 3, tail).size() == 2);
}

TEST_CASE("mode even on a clip shorter than a chunk") {
  CHECK(even(66149, 3, "drop").empty());
  REQUIRE(even(66149, 3, "keep").size() == 1);
  CHECK(even(66149, 3, "keep")[0].size == 66149);
  REQUIRE(even(1, 3, "pad").size() == 1);
  CHECK(even(1, 3, "pad")[0].size == 66150);
}

TEST_CASE("mode even rounds the length to whole samples") {
  CHECK(cut(100000, 22050, {"even", 0.12345, "drop"})[0].size == 2722); // 2722.07
  CHECK(cut(100000, 44100, {"even", 0.1, "drop"})[0].size == 4410);
}

TEST_CASE("no samples make no chunks") {
  CHECK(cut(0, 22050, {}).empty());
  CHECK(even(0, 3, "pad").empty());
}
