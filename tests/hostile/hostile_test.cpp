// SPDX-License-Identifier: GPL-3.0-or-later
// Bad and odd audio through the whole program: what becomes of each file is in the tables of specimens.
#include "audio/corpus.hpp"
#include "config/printable.hpp"
#include "tests/hostile/cases.hpp"
#include "tests/hostile/program.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace fugato;
using namespace fugato::hostile;
using test::temporary_folder;

namespace {

/// The corpus on disk, and the tracks that it is listed as.
struct hostile_corpus {
  temporary_folder folder;
  specimens cases = all_specimens();
  std::map<std::string, track> listed; ///< by path

  hostile_corpus() {
    make_corpus(cases, folder / "corpus");
    for (const track& x : list_corpus(folder / "corpus"))
      listed[x.path] = x;
  }

  std::string path_of(const specimen& x) const { return folder / ("corpus/" + x.path); }
  const track& track_of(const specimen& x) const { return listed.at(path_of(x)); }
};

/// What an extraction wrote, by track: how many rows, which failure, which warning.
struct outcome_of_tracks {
  std::map<std::string, std::size_t> rows;
  std::map<std::string, std::string> failures; ///< reason by path as it is written
  std::map<std::string, std::string> warnings;
};

outcome_of_tracks outcomes(const extraction_files& files) {
  outcome_of_tracks result;
  std::set<std::string> ids;
  for (const auto& record : records(files.features)) {
    const std::string& id = record.at(0);
    CHECK(ids.insert(id).second);
    ++result.rows[id.substr(0, id.rfind('.'))];
  }
  result.rows.erase("file_name");
  for (const auto& record : records(files.failures)) {
    REQUIRE(record.size() == 3);
    CHECK(result.failures.emplace(record[0], record[1]).second);
  }
  result.failures.erase("path");
  const auto report = nlohmann::json::parse(files.report);
  for (const auto& x : report.at("warnings"))
    CHECK(result.warnings.emplace(x.at("track").get<std::string>(), x.at("sentence").get<std::string>()).second);
  return result;
}

void check_fate(const specimen& x, const outcome_of_tracks& found, const std::string& name, const std::string& path) {
  CAPTURE(printable(x.path));
  CAPTURE(x.how);
  const auto failed = found.failures.find(printable_name(path));
  const std::string reason = failed == found.failures.end() ? "" : failed->second;
  CHECK(reason == (x.expected == fate::failure ? x.reason : ""));
  CHECK(found.rows.contains(name) == (x.expected != fate::failure));
  const auto warned = found.warnings.find(name);
  const std::string warning = warned == found.warnings.end() ? "" : warned->second;
  if (x.expected == fate::warned_row)
    CHECK(warning.find(x.reason) != std::string::npos);
  else
    CHECK(warning == "");
}

} // namespace

TEST_CASE_FIXTURE(hostile_corpus,
                  "each bad or odd file has the outcome that its row of the tables says, under any policy") {
  REQUIRE(cases.size() >= 200);
  REQUIRE(listed.size() == cases.size());
  const extraction_files files = extract(folder, "--set dispatch.policy=synchronous");
  CAPTURE(files.err);
  REQUIRE(files.code == 3);
  const outcome_of_tracks found = outcomes(files);
  for (const specimen& x : cases)
    check_fate(x, found, track_of(x).name, path_of(x));
  CHECK(found.rows.size() + found.failures.size() == cases.size());

  for (const char* policy : {"threads", "processes"}) {
    CAPTURE(policy);
    const extraction_files same =
        extract(folder, std::string("--set dispatch.workers=2 --set dispatch.policy=") + policy);
    CHECK(same.code == 3);
    CHECK(same.features == files.features);
    CHECK(same.failures == files.failures);
  }
}

TEST_CASE_FIXTURE(hostile_corpus,
                  "with on_damage = partial a damaged file fails as before or yields rows and a warning") {
  const extraction_files files = extract(folder, "--set audio.on_damage=partial");
  REQUIRE(files.code == 3);
  const outcome_of_tracks found = outcomes(files);
  std::size_t used = 0;
  for (const specimen& x : cases) {
    const std::string& name = track_of(x).name;
    const bool damaged = x.reason == "damaged-audio" || x.reason == "non-finite";
    if (!damaged || !found.rows.contains(name)) {
      check_fate(x, found, name, path_of(x));
      continue;
    }
    CAPTURE(x.path);
    ++used;
    const auto warned = found.warnings.find(name);
    REQUIRE(warned != found.warnings.end());
    CHECK(warned->second.find("before the damage") != std::string::npos);
  }
  CHECK(used > 20);
  CHECK(found.rows.size() + found.failures.size() == cases.size());
}
