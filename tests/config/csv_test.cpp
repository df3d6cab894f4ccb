// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/csv.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace fugato;

namespace {

using records = std::vector<std::vector<std::string>>;

records read(const std::string& text) {
  csv_reader reader(text, "t.csv");
  records result;
  for (std::vector<std::string_view> fields; reader.next(fields);)
    result.emplace_back(fields.begin(), fields.end());
  return result;
}

} // namespace

TEST_CASE("fields are parted by commas and records by any line end") {
  CHECK(read("a,b\n1,2\n") == records{{"a", "b"}, {"1", "2"}});
  CHECK(read("a,b\r\n1,2\r\n") == records{{"a", "b"}, {"1", "2"}});
  CHECK(read("a,b\r1,2") == records{{"a", "b"}, {"1", "2"}});
  CHECK(read("a") == records{{"a"}});
}

TEST_CASE("empty fields count, blank lines and nothing do not") {
  CHECK(read(",\n") == records{{"", ""}});
  CHECK(read("a,\n,b") == records{{"a", ""}, {"", "b"}});
  CHECK(read("a,") == records{{"a", ""}});
  CHECK(read("\n\r\n\na\n\n\nb\n\n") == records{{"a"}, {"b"}});
  CHECK(read("\"\"\n") == records{{""}});
  CHECK(read("") == records{});
  CHECK(read("\n\n") == records{});
}

TEST_CASE("a byte order mark is no part of the first field") {
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n") == records{{"a", "b"}});
  CHECK(read("\xEF\xBB\xBF"
             "\"a\",b\n") == records{{"a", "b"}});
  CHECK(read("\xEF\xBB\xBF") == records{});
}

TEST_CASE("quoted fields may hold commas, quotes and line ends") {
  CHECK(read("\"a,b\",c\n") == records{{"a,b", "c"}});
  CHECK(read("\"say \"\"so\"\"\",\"\"\"\"\n") == records{{"say \"so\"", "\""}});
  CHECK(read("\"two\r\nlines\",x\ny,z") == records{{"two\r\nlines", "x"}, {"y", "z"}});
  CHECK(read("\"\",\"\"\r\n") == records{{"", ""}});
  CHECK(read("5\" vinyl,b\"\n") == records{{"5\" vinyl", "b\""}});
}

TEST_CASE("lines are counted through quoted line ends and blank lines") {
  csv_reader reader("h\n\n\"a\nb\nc\"\r\n\rlast", "t.csv");
  std::vector<std::string_view> fields;
  std::vector<std::size_t> lines;
  while (reader.next(fields))
    lines.push_back(reader.line());
  CHECK(lines == std::vector<std::size_t>{1, 3, 7});
}

TEST_CASE("broken quoting is an error with its line") {
  CHECK(sentence(errc::bad_table, [] { read("a\n1,\"b\nc\n"); }) ==
        "t.csv: line 2: a quoted field must be closed, but the file ends inside of it");
  CHECK(sentence(errc::bad_table, [] { read("a\n\"b\"c,1\n"); }) ==
        "t.csv: line 2: a comma or the line's end must follow a quoted field, found 'c'");
}

TEST_CASE("a field is quoted only where it has to be") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("") == "");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("a\"b") == "\"a\"\"b\"");
  CHECK(csv_field("a\nb") == "\"a\nb\"");
  CHECK(csv_field("a\rb") == "\"a\rb\"");
  CHECK(csv_field("a;=b") == "\"a;=b\"");
  CHECK(csv_field("a\tb") == "\"a\tb\"");
}

TEST_CASE("whatever is written as a field reads back") {
  std::mt19937 bits(1);
  const std::string letters = ",\"\r\n a\xC3\xA9";
  std::string text;
  records written;
  for (int i = 0; i < 300; ++i) {
    written.emplace_back();
    for (int j = 0; j < 3; ++j) {
      std::string field = j == 0 ? "x" : ""; // so that no record is a blank line
      for (auto n = bits() % 6; n > 0; --n)
        field += letters[bits() % letters.size()];
      written.back().push_back(field);
      text += (j == 0 ? "" : ",") + csv_field(field);
    }
    text += i % 2 == 0 ? "\n" : "\r\n";
  }
  CHECK(read(text) == written);
}
