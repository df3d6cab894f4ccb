// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/any_table.hpp"

#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

any_table parsed(const std::string& text) { return parse_any_table(text, "t.csv"); }

std::string refusal(const std::string& text) {
  return sentence(errc::bad_table, [&] { parsed(text); });
}

} // namespace

TEST_CASE("gaps are told apart, and numbers kept") {
  const any_table t = parsed("x,y,z,s,m\n1,1.5,,a,1\n2,NaN,,b,x\n-3,inf,NA,,2\n+4,1e999,null,c, 3 \n");
  REQUIRE(t.columns.size() == 5);
  CHECK(t.rows == 4);
  const any_column& x = t.columns[0];
  CHECK(x.dtype() == "int64");
  CHECK(x.values == std::vector<double>{1, 2, -3, 4});
  const any_column& y = t.columns[1];
  CHECK(y.dtype() == "float64");
  CHECK(y.nans == 1);
  CHECK(y.infinities == 2);
  CHECK(y.finite() == 1);
  CHECK(t.columns[2].dtype() == "empty");
  CHECK(t.columns[2].nulls == 4);
  CHECK(t.columns[3].dtype() == "text");
  CHECK(t.columns[3].texts == 3);
  CHECK(t.columns[4].dtype() == "mixed");
  CHECK(t.columns[4].values[3] == 3);
  CHECK(std::isnan(t.columns[4].values[1]));
}

TEST_CASE("whole numbers with a gap are float64, as in pandas") {
  CHECK(parsed("x\n1\n2\n").columns[0].dtype() == "int64");
  CHECK(parsed("x,y\n1,0\n,0\n").columns[0].dtype() == "float64");
  CHECK(parsed("x\n1\n2.0\n").columns[0].dtype() == "float64");
  CHECK(parsed("x\n1e-400\n").columns[0].values[0] == 0);
}

TEST_CASE("names, labels and row numbers are found") {
  const any_table t =
      parsed(",Unnamed: 0.1,filename,x,label\n0,0,rock.00001.0.wav,1,rock\n1,1,rock.00001.1.wav,2,rock\n"
             "2,2,blues.00002.0.wav,3,blues\n3,3,blues.00002.0.wav,3,\n");
  CHECK(t.index_columns == std::vector<std::string>{"", "Unnamed: 0.1"});
  CHECK(t.name_column == "filename");
  CHECK(t.label_column == "label");
  CHECK(t.track_names == std::vector<std::string>{"rock.00001", "blues.00002"});
  CHECK(t.tracks == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(t.repeated_names == 1);
  CHECK(t.label_names == std::vector<std::string>{"", "blues", "rock"});
  CHECK(t.labels == std::vector<std::uint32_t>{2, 2, 1, 0});
  REQUIRE(t.columns.size() == 1);
  const any_table ours = parsed("file_name,x\nodd name.3,1\nodd name.4,2\n");
  CHECK(ours.track_names == std::vector<std::string>{"odd name"});
  CHECK(ours.labels.empty());
}

TEST_CASE("foreign text is made printable") {
  const any_table t = parsed("file_name,\x1b[31mx,label\na\x07,1,b\x1b\n");
  CHECK(t.columns[0].name == "\\u001b[31mx");
  CHECK(t.track_names[0] == "a\\u0007");
  CHECK(t.label_names[0] == "b\\u001b");
}

TEST_CASE("what is no table is refused with a reason") {
  CHECK(refusal("") == "t.csv: must start with a line of column names, found an empty file");
  CHECK(refusal("x,y\n") == "t.csv: must hold at least one row below the column names, found none");
  CHECK(refusal("x,y\n1,2\n3\n") == "t.csv: line 3: must hold 2 fields like the column names, found 1");
  CHECK(refusal("x,y,x\n1,2,3\n") == "t.csv: each column name must stand only once, found 'x' in columns 1 and 3");
  CHECK(refusal("x\na\n") == "t.csv: must have at least one column with numbers, found none");
  CHECK(refusal("label\na\n") == "t.csv: must have at least one column with numbers, found none");
  CHECK(refusal("x\n\"1\n") != "no error");
  CHECK(sentence(errc::bad_table, [] { read_any_table("/nowhere/t.csv"); }) != "no error");
}
