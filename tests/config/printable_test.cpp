// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/printable.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace fugato;

TEST_CASE("text that is printable stays as it is") {
  for (const char* text :
       {"", "a plain name.wav", "Björk – Jóga.flac", "音楽.ogg", "🎵", "back\\slash", "<b>&\"'", "-=+@"})
    CHECK(printable(text) == text);
}

TEST_CASE("what commands a terminal, ends a line or turns the writing is spelt out") {
  using namespace std::string_literals;
  CHECK(printable("a\nb\r\tc\x7F"s + '\0') == "a\\nb\\u000d\\u0009c\\u007f\\u0000");
  CHECK(printable("\x1B[31mred") == "\\u001b[31mred");
  CHECK(printable("\xC2\x9B"
                  "2J") == "\\u009b2J");
  CHECK(printable("\u2028\u202Egnp.wav\u2066\uFEFF") == "\\u2028\\u202egnp.wav\\u2066\\ufeff");
}

TEST_CASE("bytes that are no UTF-8 are spelt out one by one") {
  CHECK(printable("caf\xE9.wav") == "caf\\xe9.wav");
  CHECK(printable("\xC0\xAF") == "\\xc0\\xaf");                   // overlong
  CHECK(printable("\xE0\x80\xAF") == "\\xe0\\x80\\xaf");          // overlong
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");          // surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80"); // beyond U+10FFFF
  CHECK(printable("\xE2\x82") == "\\xe2\\x82");                   // cut off
  CHECK(printable("\x80\xFF") == "\\x80\\xff");
}

TEST_CASE("long text is cut between characters") {
  CHECK(printable("ääää", 5) == "ää...");
  CHECK(printable("abcd", 4) == "abcd");
  CHECK(printable("abcde", 4) == "abcd...");
}

TEST_CASE("a name that begins like a formula does so no more") {
  CHECK(printable_name("=cmd|' /C calc'!A0.wav") == "\\u003dcmd|' /C calc'!A0.wav");
  CHECK(printable_name("+1") == "\\u002b1");
  CHECK(printable_name("-1") == "\\u002d1");
  CHECK(printable_name("@SUM(A1)") == "\\u0040SUM(A1)");
  CHECK(printable_name("\uFF1D1") == "\\uff1d1");
  CHECK(printable_name("a=b") == "a=b");
  CHECK(printable_name("\t=1") == "\\u0009=1");
}

TEST_CASE("a cell that is harmless stays as it is") {
  CHECK(printable_cell("=1\n") == "\\u003d1\\n");
  CHECK(printable_cell(printable_cell("=1\n")) == "\\u003d1\\n");
  CHECK(printable_cell("") == "");
  CHECK(printable_name("back\\slash") == "back\\\\slash");
}

TEST_CASE("different texts have different names, and names are printable") {
  std::mt19937 dice(1);
  const std::string letters = "\\=nux0\n\x1B\xE9\xC3\xA9";
  std::set<std::string> texts;
  std::set<std::string> names;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = dice() % 6; n > 0; --n)
      text += letters[dice() % letters.size()];
    texts.insert(text);
    names.insert(printable_name(text));
    CHECK(printable(printable_name(text)) == printable_name(text));
  }
  CHECK(names.size() == texts.size());
}
