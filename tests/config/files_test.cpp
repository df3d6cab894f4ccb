// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"

#include "config/error.hpp"
#include "config/hash.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct scratch {
  fs::path path = fs::temp_directory_path() / ("fugato-files-test-" + std::to_string(getpid()));
  scratch() { fs::create_directories(path); }
  ~scratch() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

} // namespace

TEST_CASE_FIXTURE(scratch, "a file is replaced as a whole and leaves nothing beside it") {
  write_file(*this / "x", "first");
  write_file(*this / "x", "second");
  CHECK(content(*this / "x") == "second");
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(scratch, "a file that cannot be written is named, with the reason") {
  CHECK_THROWS_WITH_AS(write_file(*this / "none/x", "y"),
                       ((*this / "none/x") + ": must be writable: No such file or directory").c_str(), error);
  fs::create_directory(*this / "d");
  CHECK_THROWS_AS(write_file(*this / "d", "y"), error);
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(scratch, "a staged folder appears at commit, whole") {
  {
    staged_folder folder{*this / "run", false};
    write_file(folder.file("manifest.json"), "{}");
    CHECK_FALSE(fs::exists(*this / "run"));
    folder.commit();
  }
  CHECK(content(*this / "run/manifest.json") == "{}");
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(scratch, "a staged folder that is not committed leaves no trace") {
  { staged_folder folder{*this / "run", false}; }
  CHECK(entries() == 0);
}

TEST_CASE_FIXTURE(scratch, "only a run folder is replaced, and only when asked") {
  fs::create_directory(*this / "run");
  CHECK_THROWS_AS(staged_folder(*this / "run", false), error);
  CHECK_THROWS_AS(staged_folder(*this / "run", true), error);
  write_file(*this / "run/manifest.json", "old");
  staged_folder folder{*this / "run", true};
  write_file(folder.file("manifest.json"), "new");
  folder.commit();
  CHECK(content(*this / "run/manifest.json") == "new");
  CHECK(entries() == 1);
}

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex(std::string_view{}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex(std::string_view{"abc"}) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("every kind of error has a name of its own, found by it") {
  for (const error_kind& kind : error_kinds())
    CHECK(kind_named(kind.name).code == kind.code);
  CHECK(kind_named("nonsense").code == errc::internal);
  CHECK(kind_of(errc::read_error).retry);
  CHECK(kind_of(errc::settings).exit_code == 2);
}
