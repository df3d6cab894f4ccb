// SPDX-License-Identifier: GPL-3.0-or-later
// `fugato describe` as its users meet it.
#include "tests/hostile/program.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace fugato;
using hostile::fugato_in;
using nlohmann::json;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string table = std::string(FUGATO_SOURCE_DIR) + "/tests/models/data/describe.csv";

} // namespace

TEST_CASE("a table is described as text, JSON and page") {
  const test::temporary_folder folder;
  const auto text = fugato_in(folder, "describe '" + table + "'");
  CHECK(text.code == 0);
  CHECK(contains(text.out, "24 rows x 6 features, 12 tracks (column 'filename'), 3 classes (column 'label')"));
  CHECK(text.err == "");
  const auto both = fugato_in(folder, "describe '" + table + "' --json --html page.html --correlated 0.99");
  CHECK(both.code == 0);
  const json x = json::parse(both.out);
  CHECK(x["rows"] == 24);
  CHECK(x["threshold"] == 0.99);
  CHECK(x["pairs"].size() == 1);
  CHECK(contains(both.err, "page.html"));
  CHECK(contains(read_text(folder / "page.html", errc::internal), "<h2>Distributions</h2>"));
  const auto page = fugato_in(folder, "describe '" + table + "' --html page.html");
  CHECK(page.out == "");
}

TEST_CASE("our own tables are described, and those that cannot be are refused") {
  const test::temporary_folder folder;
  std::filesystem::create_directory(folder / "sub");
  std::ofstream(folder / "ours.csv") << "file_name,x,y,label\na b.wav.0,1,2,k\na b.wav.1,2,1,k\nc.wav.0,3,3,l\n";
  const auto ours = fugato_in(folder, "describe ours.csv --json");
  CHECK(ours.code == 0);
  CHECK(json::parse(ours.out)["tracks"] == 2);
  std::ofstream(folder / "torn.csv") << "x,y\n1,2\n3\n";
  const auto torn = fugato_in(folder, "describe torn.csv");
  CHECK(torn.code == 1);
  CHECK(torn.out == "");
  CHECK(contains(torn.err, "torn.csv: line 3: must hold 2 fields like the column names, found 1"));
  CHECK(fugato_in(folder, "describe nowhere.csv").code == 1);
  CHECK(fugato_in(folder, "describe sub").code == 1);
  CHECK(fugato_in(folder, "describe").code == 2);
  CHECK(fugato_in(folder, "describe ours.csv --correlated 2").code == 2);
  CHECK(fugato_in(folder, "describe ours.csv --html nowhere/page.html").code == 74);
}
