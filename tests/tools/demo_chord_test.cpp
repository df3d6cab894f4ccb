// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_chord.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fugato::demo;

namespace {

void check_chord(std::string_view symbol, int root, const std::vector<int>& tones, bool minor) {
  CAPTURE(std::string(symbol));
  const chord c = parse_chord(symbol);
  CHECK(c.root == root);
  CHECK(c.tones == tones);
  CHECK(c.minor == minor);
}

constexpr int c_key = 0;

} // namespace

TEST_CASE("Roman numerals name degree, mode and sevenths") {
  check_chord("I", 0, {0, 4, 7}, false);
  check_chord("vi", 9, {0, 3, 7}, true);
  check_chord("bVII", 10, {0, 4, 7}, false);
  check_chord("V7", 7, {0, 4, 7, 10}, false);
  check_chord("ii7", 2, {0, 3, 7, 10}, true);
  check_chord("bIIImaj7", 3, {0, 4, 7, 11}, false);
  check_chord("i5", 0, {0, 7}, true);
}

TEST_CASE("what is no chord is refused by name") {
  for (const std::string symbol : {"", "b", "VIII", "H", "I9", "Imin", "7"})
    CHECK_THROWS_WITH_AS(parse_chord(symbol),
                         ("a chord must be a Roman numeral with 5, 7, maj7 or nothing, found '" + symbol + "'").c_str(),
                         fugato::error);
}

TEST_CASE("a progression is minor where its tonic chord is") {
  CHECK(parse_progression("I V vi IV").size() == 4);
  CHECK_FALSE(is_minor(parse_progression("vi IV I V")));
  CHECK(is_minor(parse_progression("i bVII")));
  CHECK(is_minor(parse_progression("i5 bVI5")));
  CHECK_FALSE(is_minor(parse_progression("ii7 V7")));
}

TEST_CASE("lift finds the first note of a pitch class from a note upwards") {
  CHECK(lift(0, 60) == 60);
  CHECK(lift(11, 60) == 71);
  CHECK(lift(0, 61) == 72);
  CHECK(lift(-1, 60) == 71);
}

TEST_CASE("pattern characters name tones of the chord") {
  const chord dominant = parse_chord("V7");
  const chord tonic = parse_chord("I");
  const auto tone = [&](char what) { return notes_of(what, dominant, tonic, c_key, 36); };
  CHECK(tone('1') == std::vector{43});
  CHECK(tone('3') == std::vector{47});
  CHECK(tone('5') == std::vector{50});
  CHECK(tone('7') == std::vector{53});
  CHECK(tone('8') == std::vector{55});
  CHECK(tone('a') == std::vector{35});
}

TEST_CASE("chords are inverted into the octave, power chords are not") {
  CHECK(notes_of('x', parse_chord("V"), parse_chord("I"), c_key, 60) == std::vector{67, 71, 62});
  CHECK(notes_of('X', parse_chord("i5"), parse_chord("i5"), 4, 40) == std::vector{40, 47, 52});
}
