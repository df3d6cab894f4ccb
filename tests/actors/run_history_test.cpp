// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_history.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

run_phase tracks(std::uint32_t count) {
  return {"extracting", "tracks", count, [](std::uint32_t i) { return "track " + std::to_string(i) + ".wav"; }};
}

/// Of two lines, after so many seconds of work; each track took a tenth of a second.
dispatch_status after(double seconds, std::uint32_t done) {
  dispatch_status x;
  x.at_us = static_cast<std::uint64_t>(1e6 * seconds);
  x.seen = {100, done, 0, done * 30'000'000ULL};
  x.lines = {{0, true, done, 1, done, x.at_us - 50'000}, {77, false, 0, 0, 0, 0}};
  return x;
}

} // namespace

TEST_CASE("before the work there is nothing to show") {
  const run_history x;
  const live_status s = x.status(1, {});
  CHECK(s.phase == "starts");
  CHECK(s.tasks == 0);
  CHECK(s.eta_seconds == -1);
  CHECK(s.lines.empty());
}

TEST_CASE("progress, rate and what is left are told") {
  run_history x;
  x.begin(2, tracks(100));
  for (int i = 1; i <= 50; ++i)
    x.update(2.5 + 0.2 * i, after(0.2 * i, static_cast<std::uint32_t>(i)));
  const live_status s = x.status(12.5, {});
  CHECK(s.phase == "extracting");
  CHECK(s.unit == "tracks");
  CHECK(s.phase_seconds == doctest::Approx(10.5));
  CHECK(s.tasks == 100);
  CHECK(s.done == 50);
  CHECK(s.rate == doctest::Approx(5).epsilon(0.05));
  CHECK(s.eta_seconds == doctest::Approx(10).epsilon(0.05));
  CHECK(s.audio_seconds == doctest::Approx(1500));
  CHECK(s.in_hand == 1);
  CHECK(s.waiting == 49);
}

TEST_CASE("the rate is that of the last ten seconds") {
  run_history x;
  x.begin(0, tracks(1000));
  for (int i = 1; i <= 100; ++i) // 10 s of 10 a second, then 20 s of 1 a second
    x.step(0.1 * i, {1000, static_cast<std::uint32_t>(i), 0, 0});
  for (int i = 1; i <= 20; ++i)
    x.step(10 + i, {1000, static_cast<std::uint32_t>(100 + i), 0, 0});
  CHECK(x.status(30, {}).rate == doctest::Approx(1).epsilon(0.1));
  CHECK(x.status(30, {}).mean_rate == doctest::Approx(4));
}

TEST_CASE("how fast it went is kept from the beginning, in few points however long it takes") {
  run_history x;
  x.begin(0, tracks(1'000'000));
  std::uint64_t seen = 0;
  for (int i = 1; i <= 20'000; ++i) { // 5 a second, told twice a second
    x.step(0.5 * i, {1'000'000, static_cast<std::uint32_t>(2.5 * i), 0, 0});
    const auto fresh = x.status(0.5 * i, {seen, 0, 0}).rates;
    REQUIRE(fresh.size() <= 1);
    seen = fresh.empty() ? seen : fresh.back().number;
  }
  const auto all = x.status(10'000, {}).rates;
  REQUIRE(all.size() > 100);
  CHECK(all.size() <= 300);
  CHECK(all.front().at < 100);
  CHECK(all.back().at > 9'900);
  CHECK(all.back().number == seen);
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(all[i].at - all[i - 1].at >= 1);
    CHECK(all[i].rate == doctest::Approx(5).epsilon(0.1));
  }
}

TEST_CASE("tracks of an earlier run do not count as speed") {
  run_history x;
  x.begin(0, tracks(100));
  dispatch_status first = after(0.2, 60);
  first.lines.clear();
  x.update(0.5, first);
  CHECK(x.status(0.5, {}).rate == 0);
  x.update(2.5, after(2.2, 64));
  CHECK(x.status(2.5, {}).rate == doctest::Approx(4 / 2.5));
}

TEST_CASE("each line is told with what it has in hand") {
  run_history x;
  x.begin(0, tracks(100));
  x.update(1, after(1, 7));
  const auto lines = x.status(1.25, {}).lines;
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].state == "works");
  CHECK(lines[0].task == "track 7.wav");
  CHECK(lines[0].seconds == doctest::Approx(0.3));
  CHECK(lines[0].process == 0);
  CHECK(lines[1].state == "gone");
  CHECK(lines[1].process == 77);
  CHECK(x.status(1.25, {}).lines_gone == 1);
}

TEST_CASE("a reader is told what is new to him, and not for ever what is old") {
  run_history x;
  x.begin(10, tracks(100));
  dispatch_status s = after(1, 2);
  s.spans = {{0, 0, 4, 100'000, 200'000}, {1, 77, 5, 400'000, 300'000}};
  s.failures = {{3, errc::not_audio, "x\x1b.wav: must be audio"}};
  x.update(11.5, s);
  const live_status all = x.status(12, {});
  REQUIRE(all.stream.size() == 2);
  CHECK(all.stream[0].name == "track 4.wav");
  CHECK(all.stream[0].start == doctest::Approx(10.6));
  CHECK(all.stream[1].line == 1);
  CHECK(all.stream[1].seconds == doctest::Approx(0.3));
  REQUIRE(all.failures.size() == 1);
  CHECK(all.failures[0].reason == "not-audio");
  CHECK(all.failures[0].sentence == "x\\u001b.wav: must be audio");
  CHECK(all.reasons.at(0).tracks == 1);

  const live_status rest = x.status(12, {0, all.stream[0].number, all.failures[0].number});
  REQUIRE(rest.stream.size() == 1);
  CHECK(rest.stream[0].name == "track 5.wav");
  CHECK(rest.failures.empty());
  for (int i = 0; i < 3000; ++i)
    x.update(13, s);
  CHECK(x.status(13, {}).stream.size() <= 2000);
  CHECK(x.status(13, {}).failures.size() <= 200);
  CHECK(x.status(13, {}).reasons.at(0).tracks == 3001);
}

TEST_CASE("between phases it waits, and at last it has ended") {
  run_history x;
  x.begin(0, tracks(100));
  x.update(1, after(1, 100));
  x.end(2, false);
  CHECK(x.status(3, {}).phase == "waits");
  CHECK(x.status(3, {}).lines.empty());
  x.begin(3, {"learning", "steps", 0, {}});
  x.step(4, {200, 50, 0, 0});
  CHECK(x.status(4, {}).tasks == 200);
  CHECK(x.status(4, {}).eta_seconds == doctest::Approx(3));
  x.end(5, true);
  CHECK(x.status(6, {}).phase == "ended");
}
