// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/spool.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>
#include <vector>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct folder {
  fs::path path = fs::temp_directory_path() / ("fugato-spool-" + std::to_string(getpid()));
  folder() { fs::create_directories(path); }
  ~folder() { fs::remove_all(path); }
};

} // namespace

TEST_CASE_FIXTURE(folder, "bytes come back from memory and from disk, and leave nothing in the folder") {
  for (const std::string& where : {path.string(), std::string()}) {
    CAPTURE(where);
    spool x{where};
    std::vector<std::uint64_t> places;
    for (std::size_t i = 0; i < 3000; ++i)
      places.push_back(x.append(std::string(1000 + i % 7, static_cast<char>('a' + i % 26))));
    CHECK(fs::is_empty(path));
    for (std::size_t i = 0; i < 3000; ++i) {
      std::string got(1000 + i % 7, '\0');
      x.read(places[i], got.data(), got.size());
      REQUIRE(got == std::string(got.size(), static_cast<char>('a' + i % 26)));
    }
  }
}

TEST_CASE_FIXTURE(folder, "little needs no folder, much says which one it lacks") {
  const std::string gone = (path / "gone").string();
  spool x{gone};
  CHECK_NOTHROW(x.append(std::string(1000, 'x')));
  std::string said;
  try {
    for (int i = 0; i < 20; ++i)
      x.append(std::string(100'000, 'x'));
  } catch (const error& e) {
    CHECK(e.code() == errc::output);
    said = e.what();
  }
  CHECK(said == gone + ": must be writable: No such file or directory");
}
