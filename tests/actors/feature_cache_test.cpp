// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/feature_cache.hpp"

#include "actors/policy.hpp"
#include "config/error.hpp"
#include "config/hash.hpp"
#include "tests/actors/corpora.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct cached_corpus : small_corpus {
  cached_corpus() : small_corpus(3) { fs::remove_all(cache); }
  ~cached_corpus() { fs::remove_all(cache); }

  fs::path cache = path.string() + ".cache";

  extraction run(const std::string& policy = "threads", const line_settings& settings = {}) const {
    session actors{dispatch_of(policy, 2)};
    extract_control control;
    control.cache = cache.string();
    return actors.extract(
        list_corpus(path), settings, [](const progress&) {}, path.string(), control);
  }

  std::vector<fs::path> entries() const {
    std::vector<fs::path> result;
    for (const auto& each : fs::recursive_directory_iterator(cache))
      if (each.path().extension() == ".rows")
        result.push_back(each.path());
    return result;
  }
};

std::string bytes_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

} // namespace

TEST_CASE_FIXTURE(cached_corpus, "a second run measures nothing, under any policy, and makes the same bytes") {
  const std::string expected = table_of(extract(path, dispatch_of("synchronous", 1)));
  const extraction first = run();
  CHECK(table_of(first) == expected);
  CHECK(first.totals.cached == 0);
  CHECK(first.totals.cache_stored == 6);
  for (const char* policy : {"synchronous", "threads", "processes", "distributed"}) {
    CAPTURE(policy);
    const extraction again = run(policy);
    CHECK(table_of(again) == expected);
    CHECK(again.totals.cached == 6);
    CHECK(again.totals.cache_stored == 0);
    CHECK(again.totals.extract_nanoseconds == 0);
    CHECK(again.totals.file_bytes == first.totals.file_bytes);
    CHECK(again.totals.audio_microseconds == first.totals.audio_microseconds);
  }
}

TEST_CASE_FIXTURE(cached_corpus, "rows are found by what the file holds, not by its name") {
  run();
  fs::rename(path / "tones" / "tones.0.wav", path / "tones" / "other.wav");
  fs::copy_file(path / "noise" / "noise.1.wav", path / "noise" / "copy.wav");
  CHECK(run().totals.cached == 7);
  std::ofstream{path / "noise" / "copy.wav", std::ios::app | std::ios::binary} << std::string(2000, '\0');
  const extraction changed = run();
  CHECK(changed.totals.cached == 6);
  CHECK(table_of(changed) == table_of(extract(path, dispatch_of("synchronous", 1))));
}

TEST_CASE_FIXTURE(cached_corpus, "other settings know nothing of these rows") {
  run();
  line_settings other;
  other.features.hop_length = 256;
  CHECK(run("threads", other).totals.cached == 0);
  other = {};
  other.audio.rate = 16000;
  CHECK(run("threads", other).totals.cached == 0);
  other = {};
  other.chunking.mode = "even";
  CHECK(run("threads", other).totals.cached == 0);
  CHECK(run().totals.cached == 6);
  CHECK(cache_parts(cache.string()).size() == 4);
}

TEST_CASE_FIXTURE(cached_corpus, "an entry that was cut, changed, emptied or is another's is noticed and made anew") {
  const std::string expected = table_of(run());
  const std::vector<fs::path> all = entries();
  REQUIRE(all.size() == 6);
  const std::string good = bytes_of(all[0]);
  const auto put = [](const fs::path& where, const std::string& bytes) {
    std::ofstream{where, std::ios::binary} << bytes;
  };
  std::string flipped = good;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  put(all[0], flipped);
  put(all[1], bytes_of(all[1]).substr(0, 500));
  put(all[2], "");
  put(all[3], good);
  const extraction x = run();
  CHECK(table_of(x) == expected);
  CHECK(x.totals.cache_damaged == 4);
  CHECK(x.totals.cached == 2);
  CHECK(bytes_of(all[0]) == good);
  CHECK(run().totals.cached == 6);
}

TEST_CASE_FIXTURE(cached_corpus, "runs may use a cache at the same time") {
  const std::string expected = table_of(extract(path, dispatch_of("synchronous", 1)));
  std::vector<std::string> tables(4);
  std::vector<std::thread> runs;
  for (std::string& table : tables)
    runs.emplace_back([&] { table = table_of(run()); });
  for (std::thread& each : runs)
    each.join();
  for (const std::string& table : tables)
    CHECK(table == expected);
  CHECK(entries().size() == 6);
  CHECK(run().totals.cached == 6);
}

TEST_CASE_FIXTURE(cached_corpus, "rows that cannot be put there are counted, and in the table all the same") {
  const std::string expected = table_of(run());
  for (const fs::path& entry : entries()) {
    fs::remove(entry);
    fs::create_directories(entry / "in the way");
  }
  const extraction x = run();
  CHECK(table_of(x) == expected);
  CHECK(x.totals.cache_failed == 6);
  CHECK(x.totals.cache_stored == 0);
}

TEST_CASE_FIXTURE(cached_corpus, "what fails is not kept, and warnings are") {
  spoil("noise/bad.wav");
  fs::create_directories(path / "short");
  write_wav(path / "short" / "short.wav", std::vector<std::int16_t>(12'000, 99), 22050);
  const extraction first = run();
  const extraction again = run();
  CHECK(again.failures.size() == 1);
  REQUIRE(again.warnings.size() == first.warnings.size());
  REQUIRE_FALSE(again.warnings.empty());
  CHECK(again.warnings[0].sentence == first.warnings[0].sentence);
  CHECK(again.totals.cached == 7);
}

TEST_CASE_FIXTURE(cached_corpus, "what was of no use for the longest time goes first, with what dying writers left") {
  run();
  const std::vector<fs::path> all = entries();
  const auto now = fs::file_time_type::clock::now();
  for (std::size_t i = 0; i < all.size(); ++i)
    fs::last_write_time(all[i], now - std::chrono::hours(48 + i));
  const fs::path left = all[0].string() + ".partial-abc123";
  std::ofstream{left} << "half";
  fs::last_write_time(left, now - std::chrono::hours(2));
  fs::remove(path / "tones" / "tones.0.wav");
  fs::remove(path / "tones" / "tones.1.wav");
  run(); // uses four of them
  const cache_part before = cache_parts(cache.string()).at(0);
  CHECK(before.entries == 6);
  CHECK(shrink_cache(cache.string(), before.bytes * 4 / 6 + 200) == 2);
  CHECK_FALSE(fs::exists(left));
  CHECK(run().totals.cached == 4);
  CHECK(shrink_cache(cache.string(), 0) == 4);
}

TEST_CASE_FIXTURE(cached_corpus, "a folder that is full of something else is no cache") {
  CHECK_THROWS_AS(open_cache(path.string()), error);
  CHECK_THROWS_AS(shrink_cache(path.string(), 0), error);
  CHECK_THROWS_AS(cache_parts(path.string()), error);
  CHECK(fs::exists(path / "tones" / "tones.0.wav"));
  CHECK_THROWS_AS(open_cache("/dev/null/cache"), error);
}
