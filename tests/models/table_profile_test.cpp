// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_profile.hpp"

#include "config/json.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace fugato;

namespace {

table_profile profile(const std::string& text) { return profile_of(parse_any_table(text, "t.csv"), "t.csv"); }

table_profile file_profile() {
  return profile_of(read_any_table(std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv"), "describe.csv");
}

void check_column(const column_profile& c, const std::vector<double>& expected) {
  const std::vector<double> x{c.mean, c.std, c.spread.min, c.spread.q1, c.spread.median, c.spread.q3, c.spread.max};
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(x[i] == doctest::Approx(expected[i]).epsilon(1e-13));
}

} // namespace

TEST_CASE("the figures of each column are pandas 1.5.3's") {
  const table_profile x = file_profile();
  REQUIRE(x.columns.size() == 6);
  check_column(x.columns[0], {5.425833333333333, 3.1873976255228036, 0.55, 2.79, 5.405, 8.3725, 9.85});
  check_column(x.columns[1], {5.689166666666668, 2.696274267862272, 0.34, 3.885, 6.245, 7.655, 9.89});
  check_column(x.columns[4], {7.69875, 3.7629744392481306, 0.61, 5.1325, 7.61, 9.7525, 15.32});
  CHECK(x.columns[0].distinct == 24);
  CHECK(x.columns[0].dtype == "float64");
  CHECK(x.columns[5].dtype == "int64");
  CHECK(x.columns[5].constant);
  CHECK(x.columns[5].std == 0);
}

TEST_CASE("classes are counted and their distributions told apart") {
  const table_profile x = file_profile();
  CHECK(x.rows == 24);
  CHECK(x.tracks == 12);
  REQUIRE(x.classes.size() == 3);
  CHECK(x.classes[1].label == "jazz");
  CHECK(x.classes[1].rows == 8);
  CHECK(x.classes[1].tracks == 4);
  CHECK(x.classes[1].share == doctest::Approx(1.0 / 3));
  const column_profile& a = x.columns[0];
  CHECK(a.between_classes == doctest::Approx(0.09420568233570123));
  CHECK(x.columns[4].between_classes == doctest::Approx(0.25672489250070535));
  REQUIRE(a.classes.size() == 3);
  CHECK(a.classes[0].of.q1 == doctest::Approx(2.4225));
  CHECK(a.classes[0].of.median == doctest::Approx(3.435));
  CHECK(a.classes[2].of.q3 == doctest::Approx(8.5925));
}

TEST_CASE("pairs are those beyond the threshold, strongest first") {
  const table_profile x = file_profile();
  REQUIRE(x.pairs.size() == 2);
  CHECK(x.pairs[0].a == "a");
  CHECK(x.pairs[0].b == "c");
  CHECK(x.pairs[1].r == doctest::Approx(-0.9772408666559239));
  CHECK(x.correlation.columns == std::vector<std::string>{"e", "a", "c", "b", "d"});
  CHECK(x.correlation.r[0] == 1);
  CHECK(x.correlation.r[1 * 5 + 2] == doctest::Approx(0.9999561148632942));
  const any_table table = parse_any_table("a,b\n1,2\n2,3\n3,5\n", "t");
  CHECK(profile_of(table, "t", 0.9999).pairs.empty());
  CHECK(profile_of(table, "t", 0.9).pairs.size() == 1);
}

TEST_CASE("the projection is of tracks: the mean of their rows") {
  const table_profile x = file_profile();
  CHECK(x.pca.problem == "");
  CHECK(x.pca.columns == 5);
  CHECK(x.pca.left_out == 1);
  CHECK(x.pca.points_are == "tracks");
  REQUIRE(x.pca.points.size() == 12);
  CHECK(x.pca.points[0].name == "blues.00000");
  CHECK(x.pca.points[0].label == "blues");
  CHECK(x.pca.points[0].x == doctest::Approx(-0.9413298428121315));
  CHECK(x.pca.points[0].y == doctest::Approx(-0.44366257546347065));
  CHECK(x.pca.weights[0].a == "a");
  CHECK(x.pca.weights[0].r == doctest::Approx(0.5058976995533137));
}

TEST_CASE("gaps, repetitions and contradictions are found") {
  const table_profile x =
      profile("filename,x,y,z,label\nt.1.0.wav,1,1,NaN,a\nt.1.1.wav,1,1,NaN,b\nt.2.0.wav,2,2,inf,a\n"
              "t.3.0.wav,,,4,\nt.3.0.wav,5,5,4,c\n");
  CHECK(x.equal_rows == 1);
  CHECK(x.equal_other_label == 1);
  CHECK(x.repeated_names == 1);
  CHECK(x.torn_tracks == std::vector<std::string>{"t.1", "t.3"});
  REQUIRE(x.equal.size() == 1);
  CHECK(x.equal[0].name == "y");
  CHECK(x.equal[0].same_as == "x");
  CHECK(x.columns[0].nulls == 1);
  CHECK(x.columns[0].count == 4);
  CHECK(x.columns[0].mean == doctest::Approx(2.25));
  CHECK(x.columns[2].nans == 2);
  CHECK(x.columns[2].infinities == 1);
  CHECK(x.columns[2].constant);
  CHECK(x.classes[0].label == "");
  CHECK(x.pca.problem == "a projection needs at least 2 columns that vary and have few gaps; there are none");
}

TEST_CASE("a projection uses columns with few gaps, and rows without") {
  std::string text = "a,b,half,label\n";
  for (int i = 0; i < 20; ++i)
    text += std::to_string(i) + "," + (i == 7 ? "" : std::to_string(i * i % 13)) + "," + (i % 2 ? "" : "1.5") +
            (i == 0 ? "1" : "") + ",k\n";
  const projection p = profile(text).pca;
  CHECK(p.columns == 2);
  CHECK(p.left_out == 1);
  CHECK(p.rows_left_out == 1);
  CHECK(p.points_are == "rows");
  REQUIRE(p.points.size() == 19);
  CHECK(p.points[6].name == "row 7");
  CHECK(p.points[7].name == "row 9");
}

TEST_CASE("of very many tracks or rows, 5000 are points") {
  std::string named = "filename,x,y\n";
  std::string bare = "x,y\n";
  for (int i = 0; i < 10000; ++i) {
    const std::string row = std::to_string(i % 97) + "," + std::to_string(i % 89) + "\n";
    named += "t" + std::to_string(i) + ".wav," + row;
    bare += row;
  }
  for (const std::string& text : {named, bare}) {
    const projection p = profile(text).pca;
    CHECK(p.points_of == 10000);
    CHECK(p.points.size() == 5000);
  }
  CHECK(profile(named).pca.points[1].name == "t2.wav");
  CHECK(profile(bare).pca.points[1].name == "row 3");
}

TEST_CASE("a table of one row and one column has a description") {
  const table_profile x = profile("x\n3\n");
  CHECK(x.columns[0].constant);
  CHECK(std::isnan(x.columns[0].std));
  CHECK(x.correlation.columns.empty());
  CHECK(x.classes.empty());
  CHECK(nlohmann::json::parse(to_json(x))["columns"][0]["std"].is_null());
}

TEST_CASE("whiskers reach to the last values within 1.5 quartile distances") {
  std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 100, -50};
  const five_numbers f = five_numbers_of(values);
  CHECK(f.q1 == doctest::Approx(2.25));
  CHECK(f.q3 == doctest::Approx(6.75));
  CHECK(f.whisker_low == 1);
  CHECK(f.whisker_high == 8);
  CHECK(f.min == -50);
  std::vector<double> none;
  CHECK(five_numbers_of(none).count == 0);
  CHECK(std::isnan(five_numbers_of(none).median));
}

TEST_CASE("JSON has all of it") {
  const auto x = nlohmann::json::parse(to_json(file_profile()));
  CHECK(x["format"] == 1);
  CHECK(x["columns"][0]["spread"]["q1"].get<double>() == doctest::Approx(2.79));
  CHECK(x["columns"][0]["classes"][0]["spread"]["median"].get<double>() == doctest::Approx(3.435));
  CHECK(x["correlation"]["r"].size() == 25);
  CHECK(x["pca"]["points"].size() == 12);
}
