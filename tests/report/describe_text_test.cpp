// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/describe_text.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

table_profile profile(const std::string& text) { return profile_of(parse_any_table(text, "t.csv"), "t.csv"); }

} // namespace

TEST_CASE("the text has shape, classes, features, pairs and components") {
  const std::string text = describe_text(
      profile_of(read_any_table(std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv"), "describe.csv"));
  CHECK(text.starts_with(
      "describe.csv: 24 rows x 6 features, 12 tracks (column 'filename'), 3 classes (column 'label')\n"));
  CHECK(contains(text, "blues       4     8   33 %\n"));
  CHECK(contains(text, "Columns that do not vary: flat (5).\n"));
  CHECK(contains(text, "5.42583"));
  CHECK(contains(text, "Correlated, |r| > 0.95: 2 pairs\n"));
  CHECK(contains(text, "a  c  +1.0000\n"));
  CHECK(contains(text, "PC1: 47.5 % of the variance; a +0.51 c +0.51 d -0.50 b +0.49 e -0.03\n"));
  CHECK(contains(text, "together 79.8 %, of 5 columns (left out: 1 column constant or full of gaps)\n"));
}

TEST_CASE("what is odd is said in sentences") {
  const auto odd = oddities(profile("filename,x,y,z,w,label\nt.1.0.wav,1,1,NaN,a,a\nt.1.1.wav,1,1,NaN,1,b\n"
                                    "t.2.0.wav,2,2,inf,2,a\nt.3.0.wav,,,4,2,\nt.3.0.wav,5,5,4,2,c\n"));
  CHECK(odd == std::vector<std::string>{"2 empty cells: in x (1) and y (1).", "2 NaNs: in z (2).",
                                        "1 infinite value: in z (1).", "1 text cell: in w (1).",
                                        "Columns that do not vary: z (4).", "Columns that repeat another: y = x.",
                                        "1 row has the name of an earlier row.",
                                        "Tracks with rows of several labels: t.1 and t.3.", "1 row without a label."});
  CHECK(oddities(profile("x,y\n1,2\n2,1\n")).empty());
  CHECK(oddities(profile("x,y\n1,2\n1,2\n3,4\n1,2\n")) ==
        std::vector<std::string>{"2 rows have the features of an earlier row."});
}

TEST_CASE("long lists are cut") {
  std::string header;
  std::string row;
  for (int i = 0; i < 30; ++i) {
    header += (i ? ",c" : "c") + std::to_string(i);
    row += i ? ",1" : "1";
  }
  const auto odd = oddities(profile(header + "\n" + row + "\n"));
  REQUIRE(odd.size() == 2);
  CHECK(odd[0].ends_with("c8 (1) and 21 more."));
}
