// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"

#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/unfinished.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
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

const std::string manifest = R"({"format": 1, "versions": [], "table_sha256": ""})";

/// The current folder is `path` within its scope.
struct standing_in {
  fs::path before = fs::current_path();
  explicit standing_in(const fs::path& path) { fs::current_path(path); }
  ~standing_in() { fs::current_path(before); }
};

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
  for (const char* other : {"", "{}", "[]", "old", R"({"format": 1, "versions": []})"}) {
    write_file(*this / "run/manifest.json", other);
    CHECK(sentence(errc::usage, [&] { staged_folder(*this / "run", true); }) ==
          (*this / "run") + ": must not exist yet, or be a run folder of Fugato (holding its manifest.json)");
  }
  write_file(*this / "run/manifest.json", manifest);
  CHECK_THROWS_AS(staged_folder(*this / "run", false), error);
  staged_folder folder{*this / "run", true};
  write_file(folder.file("manifest.json"), "new");
  folder.commit();
  CHECK(content(*this / "run/manifest.json") == "new");
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(scratch, "what appears while results are computed is not deleted, nor are the results") {
  std::string staged;
  {
    staged_folder folder{*this / "run", false};
    staged = folder.path();
    write_file(folder.file("x"), "mine");
    fs::create_directory(*this / "run");
    write_file(*this / "run/manifest.json", manifest);
    CHECK(sentence(errc::output, [&] { folder.commit(); }) ==
          (*this / "run") + ": must not have appeared meanwhile; the results are in " + staged);
  }
  CHECK(content(*this / "run/manifest.json") == manifest);
  CHECK(content(staged + "/x") == "mine");
  CHECK(entries() == 2);
}

TEST_CASE_FIXTURE(scratch, "an empty folder that appears meanwhile is not taken over") {
  staged_folder folder{*this / "run", false};
  fs::create_directory(*this / "run");
  CHECK_THROWS_AS(folder.commit(), error);
  CHECK(fs::is_empty(*this / "run"));
}

TEST_CASE_FIXTURE(scratch, "a run folder that became another folder meanwhile is not replaced") {
  fs::create_directory(*this / "run");
  write_file(*this / "run/manifest.json", manifest);
  std::string staged;
  {
    staged_folder folder{*this / "run", true};
    staged = folder.path();
    fs::remove(*this / "run/manifest.json");
    write_file(*this / "run/thesis", "precious");
    CHECK(sentence(errc::output, [&] { folder.commit(); }) ==
          (*this / "run") + ": must still be a run folder of Fugato to be replaced; the results are in " + staged);
  }
  CHECK(content(*this / "run/thesis") == "precious");
  CHECK(fs::is_directory(staged));
  CHECK(entries() == 2);
}

TEST_CASE_FIXTURE(scratch, "each staged folder is new, with the permissions of any folder and its parents made") {
  const mode_t before = ::umask(027);
  {
    staged_folder one{*this / "a/b/run", false};
    staged_folder two{*this / "a/b/run/", false};
    CHECK(one.path() != two.path());
    CHECK(one.path().starts_with((*this / "a/b/run") + ".partial-"));
    CHECK(two.path().size() == one.path().size());
    CHECK(fs::status(one.path()).permissions() == fs::perms{0750});
    write_file(one.file("x"), "one");
    CHECK(fs::is_empty(two.path()));
    one.commit();
  }
  ::umask(before);
  CHECK(content(*this / "a/b/run/x") == "one");
}

TEST_CASE_FIXTURE(scratch, "a target must name a folder of its own") {
  write_file(*this / "manifest.json", manifest);
  fs::create_directory(*this / "inner");
  const standing_in here{path / "inner"};
  const std::string must = "': must name a folder of its own, which does not hold the current one";
  for (const std::string& target : {std::string{}, std::string{"."}, std::string{"./"}, std::string{"/"},
                                    std::string{".."}, std::string{"new/."}, path.string(), *this / "inner"})
    for (const bool replace : {false, true})
      CHECK(sentence(errc::usage, [&] { staged_folder(target, replace); }).ends_with(must));
  CHECK(entries() == 2);
}

TEST_CASE_FIXTURE(scratch, "a symbolic link stays and the file that it leads to is replaced") {
  fs::create_directory(*this / "far");
  write_file(*this / "far/x", "old");
  fs::create_symlink("far/x", *this / "link");
  fs::create_symlink("link", *this / "second");
  fs::create_symlink("far/y", *this / "dangling");
  write_file(*this / "second", "new");
  write_file(*this / "dangling", "made");
  CHECK(fs::is_symlink(*this / "link"));
  CHECK(fs::is_symlink(*this / "second"));
  CHECK(fs::is_symlink(*this / "dangling"));
  CHECK(content(*this / "far/x") == "new");
  CHECK(content(*this / "far/y") == "made");
  fs::create_symlink("loop", *this / "loop");
  CHECK_THROWS_AS(write_file(*this / "loop", "x"), error);
}

TEST_CASE_FIXTURE(scratch, "what is no regular file is written to directly") {
  const std::string fifo = *this / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const int in = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  write_file(fifo, "through");
  char text[16] = {};
  CHECK(::read(in, text, sizeof text) == 7);
  CHECK(std::string(text) == "through");
  ::close(in);
  CHECK(fs::is_fifo(fifo));
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(scratch, "an output that is redirected to a file goes on where it stands") {
  const std::string path_of_it = *this / "printed";
  const int out = ::open(path_of_it.c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(::write(out, "before,", 7) == 7);
  write_file("/dev/fd/" + std::to_string(out), "written,");
  REQUIRE(::write(out, "after", 5) == 5);
  ::close(out);
  CHECK(content(path_of_it) == "before,written,after");
  CHECK_THROWS_AS(write_file("/dev/fd/" + std::to_string(out), "closed"), error);
}

TEST_CASE_FIXTURE(scratch, "a temporary file never takes a name that exists") {
  const std::string bystander = (*this / "x") + ".partial-" + std::to_string(getpid());
  fs::create_symlink("target", bystander);
  write_file(*this / "x", "mine");
  CHECK(fs::is_symlink(bystander));
  CHECK_FALSE(fs::exists(*this / "target"));
  CHECK(content(*this / "x") == "mine");
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

TEST_CASE("what is to pass is removed when the program ends at once, and not once it is nobody's any more") {
  const scratch folder;
  const std::string path = folder / "ticket";
  {
    const passing_thing ticket{path};
    write_file(path, "secret");
    remove_unfinished();
    CHECK_FALSE(fs::exists(path));
  }
  write_file(path, "another's");
  remove_unfinished();
  CHECK(fs::exists(path));
}
