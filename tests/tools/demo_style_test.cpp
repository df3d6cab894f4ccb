// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_style.hpp"

#include "tools/demo_chord.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fugato;
using namespace fugato::demo;

namespace {

/// Patterns have to cut a bar into whole parts of quarters.
void check_pattern(std::string_view pattern, std::string_view alphabet) {
  CAPTURE(std::string(pattern));
  CHECK_FALSE(pattern.empty());
  CHECK(pattern.size() % 4 == 0);
  CHECK(pattern.find_first_not_of(alphabet) == std::string_view::npos);
  CHECK(pattern.find_first_not_of(".-") != std::string_view::npos);
  CHECK(pattern.front() != '-');
}

void check_range(const range& r, double low, double high) {
  CHECK(r.low >= low);
  CHECK(r.low <= r.high);
  CHECK(r.high <= high);
}

} // namespace

TEST_CASE("the styles are the ten genres of GTZAN in alphabetical order") {
  CHECK(styles().names() == std::vector<std::string_view>{"blues", "classical", "country", "disco", "hiphop", "jazz",
                                                          "metal", "pop", "reggae", "rock"});
}

TEST_CASE("every style has what a track draws from") {
  for (const style& s : styles()) {
    CAPTURE(std::string(s.name));
    CHECK_FALSE(s.summary.empty());
    check_range(s.tempo, 40, 240);
    check_range(s.velocity, 1, 127);
    check_range(s.swing, 0, .99);
    REQUIRE_FALSE(s.parts.empty());
    CHECK(s.parts.size() < 8); // the tune's channel comes after them, the drums have 9
    for (const part& p : s.parts) {
      CHECK_FALSE(p.programs.empty());
      REQUIRE_FALSE(p.patterns.empty());
      for (const std::string_view pattern : p.patterns)
        check_pattern(pattern, ".-xXo13578a");
    }
    CHECK_FALSE(s.lead.programs.empty());
    CHECK_FALSE(s.lead.in.major.empty());
    CHECK_FALSE(s.lead.in.minor.empty());
    CHECK(s.lead.grid % 4 == 0);
    check_range(s.lead.density, 0, 1);
    CHECK(s.grooves.empty() == s.kits.empty());
    for (const groove& g : s.grooves)
      for (const drum& d : g)
        check_pattern(d.pattern, ".xXo");
  }
}

TEST_CASE("every progression of every style can be read") {
  for (const style& s : styles()) {
    REQUIRE_FALSE(s.progressions.empty());
    for (const std::string_view text : s.progressions)
      CHECK_FALSE(parse_progression(text).empty());
  }
}

TEST_CASE("kin are other styles") {
  for (const style& s : styles())
    for (const std::string_view kin : s.kin) {
      CHECK(styles().at(kin).name == kin);
      CHECK(kin != s.name);
    }
}
