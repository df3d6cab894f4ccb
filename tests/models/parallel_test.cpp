// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parallel.hpp"

#include "tests/errors.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

using namespace fugato;

TEST_CASE("each job is done once, in at most so many threads") {
  for (const unsigned threads : {0U, 1U, 2U, 5U, 100U}) {
    std::vector<std::atomic<int>> times(50);
    std::mutex lock;
    std::set<std::thread::id> seen;
    share_out(times.size(), threads, [&]() -> worker {
      const std::lock_guard guard(lock);
      seen.insert(std::this_thread::get_id());
      return [&](std::size_t i) { ++times[i]; };
    });
    for (const auto& count : times)
      CHECK(count == 1);
    CHECK(seen.size() <= std::max(threads, 1U));
    CHECK(seen.contains(std::this_thread::get_id()));
  }
}

TEST_CASE("no job is no work") {
  share_out(0, 4, []() -> worker { return [](std::size_t) { FAIL("there is no job"); }; });
}

TEST_CASE("a worker's exception stops the others and reaches the caller") {
  std::atomic<int> done = 0;
  std::atomic<bool> thrown = false;
  const auto job = [&](std::size_t i) {
    if (i == 10) {
      thrown = true;
      throw std::runtime_error("broken");
    }
    while (i > 10 && !thrown) // none comes far ahead of the one that fails, however the threads are scheduled
      std::this_thread::yield();
    if (i > 10)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++done;
  };
  CHECK_THROWS_WITH_AS(share_out(100000, 3, [&]() -> worker { return job; }), "broken", std::runtime_error);
  CHECK(done < 100000 - 1);
}

TEST_CASE("steps are told in the calling thread, ascending, the last one always") {
  fit_context context;
  std::vector<std::uint32_t> told;
  context.tell = [&, caller = std::this_thread::get_id()](std::uint32_t done, std::uint32_t of) {
    CHECK(std::this_thread::get_id() == caller);
    CHECK(of == 200);
    told.push_back(done);
  };
  share_out(
      200, 3, []() -> worker { return [](std::size_t) {}; }, &context);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.back() == 200);
}

TEST_CASE("cancelled work says how far it came") {
  const std::atomic<bool> cancel = true;
  fit_context context;
  context.cancel = &cancel;
  CHECK(sentence(errc::internal, [&] {
          share_out(
              7, 2, []() -> worker { return [](std::size_t) {}; }, &context);
        }) == "training was cancelled after 0 of 7 steps");
}
