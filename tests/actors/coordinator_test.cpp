// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/asking.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "actors/work.hpp"
#include "config/version.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

using namespace fugato;

namespace {

receipt done_with(const parcel& x) {
  receipt result{x.lease, 0, {}};
  for (const task& each : x.tasks)
    result.tasks.push_back({each.id, {}, "", "", "", {}});
  return result;
}

/// A line that answers at once and counts parcels, but keeps those with certain tasks until it is told to run.
using keeping_line = line_actor::extend<caf::reacts_to<atom::run>>;

struct kept {
  std::set<std::uint32_t> which;
  std::vector<std::pair<receipt, caf::typed_response_promise<receipt>>> parcels;
  std::atomic<int> seen = 0;
};

keeping_line::behavior_type keeper(keeping_line::pointer self, const std::shared_ptr<kept>& state) {
  return {
      [=](const parcel& x) -> caf::result<receipt> {
        ++state->seen;
        if (x.tasks.empty() || !state->which.contains(x.tasks.front().id))
          return done_with(x);
        state->parcels.emplace_back(done_with(x), self->make_response_promise<receipt>());
        return state->parcels.back().second;
      },
      [=](atom::run) {
        for (auto& [answer, promise] : std::exchange(state->parcels, {}))
          promise.deliver(answer);
      },
  };
}

/// A coordinator whose lines are plain actors.
struct bench {
  system_config config{1, false, 10};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  lifetime<observer_actor> watcher{self, system.spawn(observer, [](const progress&) {})};
  coordination work;
  std::unique_ptr<lifetime<coordinator_actor>> boss;
  std::vector<std::unique_ptr<lifetime<keeping_line>>> lines;
  std::vector<std::shared_ptr<kept>> states;

  explicit bench(std::uint32_t tasks) {
    work.tasks = tasks;
    work.what = [](std::uint32_t i) { return "task " + std::to_string(i); };
    work.brief = {"idle", "", ""};
    work.observer = *watcher;
  }
  void open() { boss = std::make_unique<lifetime<coordinator_actor>>(self, system.spawn(coordinator, work)); }
  const coordinator_actor& chief() const { return **boss; }

  static hello from(std::uint32_t process, std::uint64_t identity = 0, std::uint32_t comebacks = 0) {
    return {process, 0, works().at("idle").digest(""), "", identity, comebacks, ""};
  }

  /// @param which tasks it keeps
  std::size_t enlist(std::set<std::uint32_t> which, const hello& who) {
    states.push_back(std::make_shared<kept>());
    states.back()->which = std::move(which);
    lines.push_back(std::make_unique<lifetime<keeping_line>>(self, system.spawn(keeper, states.back())));
    CHECK(ask<bool>(self, chief(), atom::enlist_v, line(lines.size() - 1), who));
    return lines.size() - 1;
  }
  line_actor line(std::size_t i) const { return caf::actor_cast<line_actor>(**lines[i]); }
  /// How many parcels it has seen, once it has seen all that the coordinator has sent.
  int seen(std::size_t i) {
    ask<receipt>(self, **lines[i], parcel{});
    return states[i]->seen - ++asked_[i];
  }
  void let_go(std::size_t i) { self->send(**lines[i], atom::run_v); }

  void run() { self->send(chief(), atom::run_v); }
  dispatched_ptr result() {
    dispatched_ptr found;
    self->receive([&](const dispatched_ptr& x) { found = x; });
    REQUIRE(found);
    return found;
  }

private:
  std::map<std::size_t, int> asked_;
};

} // namespace

TEST_CASE("a coordinator hands out nothing before it is asked to, and then answers, however fast its lines are") {
  bench x{3};
  x.open();
  const auto worker = x.enlist({}, bench::from(0));
  CHECK(x.seen(worker) == 0);
  x.run();
  const auto done = x.result();
  CHECK(done->failures.empty());
  CHECK(done->notes.tracks_per_line == std::vector<std::uint32_t>{3});
}

TEST_CASE("of a doubled task the first answer counts, and the second is late") {
  bench x{3};
  x.work.how.credit = 1;
  x.work.limits.straggler_us = 1;
  x.open();
  const auto slow = x.enlist({0}, bench::from(1));
  const auto slower = x.enlist({1}, bench::from(2));
  x.enlist({1}, bench::from(3)); // does tasks 2 and 0, and keeps 1
  x.run();
  while (x.states[2]->seen < 3)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  x.let_go(slow);
  x.seen(slow);
  x.let_go(slower);
  const auto done = x.result();
  CHECK(done->failures.empty());
  CHECK(done->notes.doubled == 2);
  CHECK(done->notes.late == 1);
}

TEST_CASE("a line that leaves gets no more, is dismissed when it is done, and does not count as lost") {
  bench x{3};
  x.work.how.credit = 1;
  x.open();
  const auto leaving = x.enlist({0}, bench::from(1));
  x.run();
  while (x.states[leaving]->seen < 1)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  x.self->monitor(x.line(leaving));
  x.self->send(x.chief(), atom::leave_v, x.line(leaving), false);
  x.enlist({}, bench::from(2));
  x.let_go(leaving);
  bool good_order = false;
  x.self->receive([&](const caf::down_msg& down) { good_order = down.reason == caf::exit_reason::user_shutdown; });
  CHECK(good_order);
  const auto done = x.result();
  CHECK(done->notes.left == 1);
  CHECK(done->notes.lines_lost == 0);
  CHECK(done->notes.retries == 0);
  CHECK(done->notes.tracks_per_line == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("what a line has not begun is given back when it must leave now") {
  bench x{2};
  x.work.how.credit = 1;
  x.work.limits.crashes = 1; // a loss would cost the task
  x.open();
  const auto leaving = x.enlist({0}, bench::from(1));
  x.run();
  while (x.states[leaving]->seen < 1)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  x.self->send(x.chief(), atom::leave_v, x.line(leaving), true);
  x.enlist({}, bench::from(2));
  const auto done = x.result();
  CHECK(done->failures.empty());
  CHECK(done->notes.left == 1);
  CHECK(done->notes.lines_lost == 0);
  CHECK(done->notes.retries == 1);
  CHECK(done->notes.tracks_per_line == std::vector<std::uint32_t>{0, 2});
}

TEST_CASE("a worker that comes back before it was missed takes the place of what it was") {
  bench x{2};
  x.work.how.credit = 1;
  x.work.limits.crashes = 2;
  x.open();
  x.enlist({0}, bench::from(1, 77));
  x.run();
  for (std::uint32_t i = 1; i < 4; ++i) // twice too often for a task that were to blame
    x.enlist(i < 3 ? std::set<std::uint32_t>{0} : std::set<std::uint32_t>{}, bench::from(1 + i, 77, i));
  const auto done = x.result();
  CHECK(done->failures.empty());
  CHECK(done->notes.lines_lost == 3);
  CHECK(done->notes.silent == 3);
  CHECK(done->notes.rejoined == 3);
}

TEST_CASE("a worker of another build or with other settings is turned away, and told why") {
  bench x{1};
  x.open();
  std::string told;
  const auto refused = [&](const caf::error& e) {
    const error why = from_caf(e);
    CHECK(why.code() == errc::mismatch);
    told = why.what();
  };
  x.self->request(x.chief(), caf::infinite, atom::greet_v, protocol_version, std::string("another"), std::string("he"))
      .receive([](briefing&, sink_actor&, switchboard_actor&) { FAIL("let in"); }, refused);
  CHECK(told.find("the worker is another (protocol ") != std::string::npos);
  CHECK(told.find("the leader " + build_identity()) != std::string::npos);
  x.self->request(x.chief(), caf::infinite, atom::greet_v, protocol_version + 1, build_identity(), std::string("he"))
      .receive([](briefing&, sink_actor&, switchboard_actor&) { FAIL("let in"); }, refused);
  CHECK(told.find("(protocol " + std::to_string(protocol_version + 1) + ")") != std::string::npos);
  hello other = bench::from(1);
  other.settings = "others";
  const lifetime line{x.self, x.system.spawn(keeper, std::make_shared<kept>())};
  x.self->request(x.chief(), caf::infinite, atom::enlist_v, caf::actor_cast<line_actor>(*line), other)
      .receive([](bool) { FAIL("let in"); }, refused);
  CHECK(told.find("the worker's have the SHA-256 others") != std::string::npos);
  x.enlist({}, bench::from(2));
  x.run();
  const auto done = x.result();
  CHECK(done->notes.unfit == 3);
  REQUIRE(done->notes.dropped.size() == 3);
  CHECK(done->notes.dropped[0].find("he is refused: ") == 0);
}

TEST_CASE("without a worker the run ends, and what was not done is withdrawn") {
  bench x{2};
  x.work.no_worker_us = 1;
  x.open();
  x.run();
  const auto done = x.result();
  CHECK(done->starved);
  CHECK(done->failures.empty());
  CHECK(done->withdrawn == std::vector<std::uint32_t>{0, 1});
}
