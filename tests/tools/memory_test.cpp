// SPDX-License-Identifier: GPL-3.0-or-later
// The leader's memory does not follow the corpus: rows lie on disk until they are asked for.
#include "audio/wav.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

struct corpora {
  fs::path path = fs::temp_directory_path() / ("fugato-memory-" + std::to_string(getpid()));
  corpora() { fs::create_directories(path / "sounds"); }
  ~corpora() { fs::remove_all(path); }

  /// Links to a few sounds of 0.3 s, in two genres.
  void make(unsigned tracks) const {
    constexpr unsigned sounds = 20;
    for (unsigned i = 0; i < sounds; ++i) {
      std::mt19937 dice{i};
      std::vector<std::int16_t> noise(6615);
      for (std::int16_t& x : noise)
        x = static_cast<std::int16_t>(static_cast<int>(dice() % 20001) - 10000);
      fugato::write_wav(path / "sounds" / (std::to_string(i) + ".wav"), noise, 22050);
    }
    const fs::path folder = path / std::to_string(tracks);
    fs::create_directories(folder / "hiss");
    fs::create_directories(folder / "hum");
    for (unsigned i = 0; i < tracks; ++i) {
      const std::string genre = i % 2 == 0 ? "hiss" : "hum";
      fs::create_symlink(path / "sounds" / (std::to_string(i % sounds) + ".wav"),
                         folder / genre / (genre + "." + std::to_string(1'000'000 + i) + ".wav"));
    }
  }

  /// Peak of the leader [bytes].
  double measure(unsigned tracks, const std::string& policy) const {
    const std::string report = (path / "report.json").string();
    const std::string command = std::string("'" FUGATO_BINARY "' -q extract '") +
                                (path / std::to_string(tracks)).string() + "' -o '" + (path / "table.csv").string() +
                                "' --report '" + report +
                                "' --set chunking.mode=even --set chunking.seconds=0.25 --set dispatch.workers=2" +
                                " --set dispatch.policy=" + policy;
    const int status = std::system(command.c_str());
    REQUIRE(WEXITSTATUS(status) == 0);
    std::ifstream in{report};
    const auto json = nlohmann::json::parse(in);
    REQUIRE(json["extraction"]["rows"] == tracks);
    return json["peak_rss_bytes"];
  }

  void compare(unsigned few, unsigned many) const {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    MESSAGE("skipped: sanitizers keep memory of their own");
    return;
#endif
    make(few);
    make(many);
    for (const char* policy : {"threads", "processes"}) {
      const double small = measure(few, policy);
      const double large = measure(many, policy);
      MESSAGE(std::string(policy), ": ", small / 1e6, " MB for ", few, " tracks, ", large / 1e6, " MB for ", many);
      CHECK(large < 1.2 * small);
    }
  }
};

} // namespace

TEST_CASE_FIXTURE(corpora, "ten times the tracks need no more memory") { compare(1000, 10'000); }

// minutes: `ctest -L long`
TEST_CASE_FIXTURE(corpora, "a hundred times the tracks need no more memory" * doctest::skip()) {
  compare(1000, 100'000);
}
