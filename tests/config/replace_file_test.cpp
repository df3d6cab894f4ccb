// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/replace_file.hpp"

#include "config/error.hpp"
#include "config/read_text.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct desk {
  fs::path path;
  desk() {
    std::string name = (fs::temp_directory_path() / "fugato-replace-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = fs::canonical(name);
    std::ofstream{path / "a"} << "old";
  }
  ~desk() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string content(const std::string& path) { return read_text(path, errc::internal); }

} // namespace

TEST_CASE_FIXTURE(desk, "mode, attributes and a wished time stay with the file") {
  const std::string a = *this / "a";
  REQUIRE(::chmod(a.c_str(), 0640) == 0);
  const bool attributes = ::setxattr(a.c_str(), "user.mood", "blue", 4, 0) == 0;
  const file_state was = state_of(a);
  CHECK(was.size == 3);
  CHECK(was.links == 1);
  CHECK(was.writable);
  replace_content(was, bytes("new content"), 1'234'567'890'123'456'789);
  CHECK(content(a) == "new content");
  const file_state now = state_of(a);
  CHECK(now.modified_ns == 1'234'567'890'123'456'789);
  CHECK((fs::status(a).permissions() & fs::perms::all) == fs::perms{0640});
  if (attributes) {
    char mood[8] = {};
    CHECK(::getxattr(a.c_str(), "user.mood", mood, sizeof mood) == 4);
    CHECK(std::string(mood) == "blue");
  }
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(desk, "a symbolic link stays, and leads to the new content") {
  fs::create_symlink("a", path / "link");
  const file_state was = state_of(*this / "link");
  CHECK(was.path == *this / "a");
  replace_content(was, bytes("new"), std::nullopt);
  CHECK(fs::is_symlink(path / "link"));
  CHECK(content(*this / "link") == "new");
  CHECK(content(*this / "a") == "new");
}

TEST_CASE_FIXTURE(desk, "a hard link is counted, and its other name keeps the old content") {
  fs::create_hard_link(path / "a", path / "b");
  const file_state was = state_of(*this / "a");
  CHECK(was.links == 2);
  CHECK(was.inode == state_of(*this / "b").inode);
  replace_content(was, bytes("new"), std::nullopt);
  CHECK(content(*this / "a") == "new");
  CHECK(content(*this / "b") == "old");
}

TEST_CASE_FIXTURE(desk, "a read-only file, one that has changed, and one that is gone are left alone") {
  const std::string a = *this / "a";
  const file_state was = state_of(a);
  REQUIRE(::chmod(a.c_str(), 0444) == 0);
  const file_state read_only = state_of(a);
  CHECK_FALSE(read_only.writable); // also for root, who could
  CHECK(sentence(errc::output, [&] { replace_content(read_only, bytes("new"), std::nullopt); }).find("read-only") !=
        std::string::npos);
  REQUIRE(::chmod(a.c_str(), 0644) == 0);
  std::ofstream{a} << "somebody else's";
  CHECK(sentence(errc::output, [&] { replace_content(was, bytes("new"), std::nullopt); }).find("changed meanwhile") !=
        std::string::npos);
  CHECK(content(a) == "somebody else's");
  CHECK(entries() == 1);
  fs::remove(a);
  CHECK(sentence(errc::output, [&] { replace_content(was, bytes("new"), std::nullopt); }) != "no error");
  CHECK(entries() == 0);
  CHECK(sentence(errc::not_found, [&] { state_of(a); }) != "no error");
  CHECK(sentence(errc::not_regular, [&] { state_of(path.string()); }) != "no error");
}
