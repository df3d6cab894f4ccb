// SPDX-License-Identifier: GPL-3.0-or-later
// The feature cache as its users meet it.
#include "audio/wav.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct desk {
  fs::path path = fs::temp_directory_path() / ("fugato-cache-" + std::to_string(getpid()));

  desk() {
    for (unsigned i = 0; i < 8; ++i) {
      const std::string genre = i % 2 == 0 ? "loud" : "soft";
      std::mt19937 dice{i};
      std::vector<std::int16_t> noise(70'000);
      for (std::int16_t& x : noise)
        x = static_cast<std::int16_t>((static_cast<int>(dice() % 20001) - 10000) / (i % 2 == 0 ? 1 : 9));
      fs::create_directories(path / "music" / genre);
      fugato::write_wav(path / "music" / genre / (genre + "." + std::to_string(i) + ".wav"), noise, 22050);
    }
    std::ofstream{path / "run.json"}
        << R"({"corpus": "music", "cache": {"folder": "kept"}, "models": {"knn": {"n_neighbors": 1}}, "train": {"model": "knn",
      "split": {"kind": "random-chunk"}}})";
  }
  ~desk() { fs::remove_all(path); }

  int fugato(const std::string& arguments) const {
    const std::string command =
        "cd '" + path.string() + "' && '" FUGATO_BINARY "' -q " + arguments + " >out.txt 2>err.txt";
    return WEXITSTATUS(std::system(command.c_str()));
  }
  nlohmann::json extraction_of(const std::string& folder) const {
    return nlohmann::json::parse(content(path / folder / "report.json"))["extraction"];
  }
};

} // namespace

TEST_CASE_FIXTURE(desk, "a second run with another model measures nothing, and its table has the same bytes") {
  REQUIRE(fugato("run run.json --out plain --set cache.folder=") == 0);
  CHECK_FALSE(fs::exists(path / "kept"));
  REQUIRE(fugato("run run.json --out first") == 0);
  CHECK(extraction_of("first")["cached"] == 0);
  CHECK(extraction_of("first")["cache_stored"] == 8);
  REQUIRE(fugato("run run.json --out second --set train.model=random-forest") == 0);
  CHECK(extraction_of("second")["cached"] == 8);
  CHECK(extraction_of("second")["feature_cpu_seconds"] == 0);
  CHECK(content(path / "second/report.txt").find("feature cache: 8 tracks were known") != std::string::npos);
  CHECK(content(path / "plain/features.csv") == content(path / "first/features.csv"));
  CHECK(content(path / "plain/features.csv") == content(path / "second/features.csv"));
  REQUIRE(fugato("extract music -o table.csv --set cache.folder=kept --report report.json") == 0);
  CHECK(nlohmann::json::parse(content(path / "report.json"))["extraction"]["cached"] == 8);
  CHECK(content(path / "plain/features.csv") == content(path / "table.csv"));
}

TEST_CASE_FIXTURE(desk, "fugato cache tells what is there, and makes it smaller") {
  REQUIRE(fugato("extract run.json -o table.csv") == 0);
  REQUIRE(fugato("cache kept") == 0);
  CHECK(content(path / "out.txt").find("8 tracks") != std::string::npos);
  REQUIRE(fugato("cache kept --shrink-to 0") == 0);
  CHECK(content(path / "out.txt").find(" 0 tracks") != std::string::npos);
  CHECK(fugato("cache music --shrink-to 0") == 2);
  CHECK(content(path / "err.txt").find("must be a feature cache") != std::string::npos);
  CHECK(fugato("extract run.json -o table.csv --set cache.folder=music") == 2);
}
