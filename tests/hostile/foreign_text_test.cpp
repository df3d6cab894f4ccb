// SPDX-License-Identifier: GPL-3.0-or-later
// File names and labels that command terminals, spreadsheets and browsers, and all that the program writes.
#include "config/printable.hpp"
#include "tests/hostile/cases.hpp"
#include "tests/hostile/program.hpp"

#include <doctest/doctest.h>

#include <charconv>

using namespace fugato;
using namespace fugato::hostile;
using test::temporary_folder;

namespace {

/// Names of all kinds, in a folder whose own name is of them, and a label with enough tracks to learn from.
struct corpus_of_names {
  temporary_folder folder;
  const std::string home = "<b>\x1B[31m\u202E\xC2\x9Bm";

  corpus_of_names() {
    specimens cases = foreign_names();
    for (const char* label : {"@label\n<i>\x1B[m", "=1+1\x1B[5m<b>\xE9"})
      for (int i = 0; i < 6; ++i)
        cases.push_back({std::string(label) + "/" + std::to_string(i) + ".wav", "", fate::row, "",
                         holding([] { return wav({}, music()); })});
    make_corpus(cases, folder / home);
    test::write_text(
        folder / "run.json",
        nlohmann::json{
            {"corpus", home},
            {"models", {{"xgboost", {{"n_estimators", 2}}}}},
            {"train", {{"split", {{"test_size", 0.5}}}}},
            {"compare", {{"policies", {"synchronous"}}, {"workers", {1}}, {"repetitions", 2}, {"warmup", 0}}}}
            .dump());
  }
};

std::string ending_of(const std::string& name) { return std::filesystem::path(name).extension().string(); }

/// No line of a text has anything that is not printable.
void check_text(const std::string& name, const std::string& text) {
  CAPTURE(name);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (printable(line) != line) {
      CAPTURE(printable(line));
      CHECK(false);
    }
  for (const char* raw : {"\x1B", "\x07", "\r", "\xC2\x9B", "\u202E", "\u2028", "\xE9/", "caf\xE9"})
    CHECK(text.find(raw) == std::string::npos);
}

bool is_number(const std::string& cell) {
  double x = 0;
  const auto end = cell.data() + cell.size();
  return std::from_chars(cell.data(), end, x).ptr == end;
}

/// No cell of a table starts as a formula does, in whatever way the program reading it cuts lines.
void check_cells(const std::string& name, const std::string& csv) {
  CAPTURE(name);
  std::size_t width = 0;
  for (const auto& record : records(csv)) {
    CHECK((width == 0 || record.size() == width));
    width = record.size();
    for (const std::string& cell : record) {
      CAPTURE(cell);
      CHECK((cell.empty() || is_number(cell) || std::string("=+-@\t\r").find(cell[0]) == std::string::npos));
      CHECK_FALSE(cell.starts_with("\uFF1D"));
    }
  }
}

/// Tags of foreign text must not become tags of the page.
void check_page(const std::string& page) {
  for (const char* tag : {"<b>", "<i>", "<script>alert", "<img"})
    CHECK(page.find(tag) == std::string::npos);
  CHECK(page.find("&lt;b&gt;") != std::string::npos);
}

void check_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const std::string text = read_text(path, errc::internal);
  if (ending_of(name) == ".npy")
    return;
  check_text(name, text);
  if (ending_of(name) == ".csv")
    check_cells(name, text);
  if (ending_of(name) == ".json")
    CHECK(nlohmann::json::accept(text));
  if (ending_of(name) == ".html")
    check_page(text);
}

std::size_t check_folder(const std::string& folder) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) {
      check_file(entry.path());
      ++files;
    }
  return files;
}

void check_answer(const answer& x, int code) {
  CAPTURE(x.err);
  CHECK(x.code == code);
  check_text("stdout", x.out);
  check_text("stderr", x.err);
}

} // namespace

TEST_CASE_FIXTURE(corpus_of_names, "no output of a run shows foreign text raw, and its model can be used") {
  check_answer(fugato_in(folder, "run run.json --out made"), 3);
  CHECK(check_folder(folder / "made") >= 12);
  CHECK(records(read_text(folder / "made/failures.csv", errc::internal)).size() > 30);
  check_answer(fugato_in(folder, "train made/features.csv --out again --set models.xgboost.n_estimators=2"), 0);
  CHECK(check_folder(folder / "again") >= 5);
  std::filesystem::rename(folder / home, folder / "music");
  check_answer(fugato_in(folder, "predict --model made/model music"), 3);
  check_answer(fugato_in(folder, "predict --json --model made/model music"), 3);
}

TEST_CASE_FIXTURE(corpus_of_names, "no output of an extraction, a check or a comparison shows foreign text raw") {
  check_answer(fugato_in(folder, "extract run.json -o features.csv --failures failures.csv --report report.json "
                                 "--trace trace.json"),
               3);
  for (const char* name : {"features.csv", "failures.csv", "report.json", "trace.json"})
    check_file(folder / name);
  check_answer(fugato_in(folder, "extract run.json"), 3);
  check_answer(fugato_in(folder, "compare run.json --out compared"), 0);
  CHECK(check_folder(folder / "compared") >= 3);
  std::filesystem::rename(folder / home, folder / "music");
  check_answer(fugato_in(folder, "corpus check music"), 3);
  check_answer(fugato_in(folder, "corpus check --json music"), 3);
}

TEST_CASE_FIXTURE(corpus_of_names, "tables and models with names that command a terminal are refused, printably") {
  test::write_text(folder / "table.csv", "a,label\n1,rock\n2,\x1B[31mred\n");
  const answer table = fugato_in(folder, "train table.csv --out made");
  check_answer(table, 1);
  CHECK(table.err.find("\\u001b[31mred") != std::string::npos);
}
