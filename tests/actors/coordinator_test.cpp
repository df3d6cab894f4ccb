// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/asking.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "actors/work.hpp"

#include <doctest/doctest.h>

#include <atomic>

using namespace fugato;

namespace {

/// Answers each parcel at once, and counts them.
line_actor::behavior_type hasty(line_actor::pointer, const std::shared_ptr<std::atomic<int>>& parcels) {
  return {
      [=](const parcel& x) {
        ++*parcels;
        receipt result{x.lease, 0, {}};
        for (const task& each : x.tasks)
          result.tasks.push_back({each.id, {}, "", "", "", {}});
        return result;
      },
  };
}

} // namespace

TEST_CASE("a coordinator hands out nothing before it is asked to, and then answers, however fast its lines are") {
  system_config config{1, false, 10};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const lifetime watcher{self, system.spawn(observer, [](const progress&) {})};
  coordination work;
  work.tasks = 3;
  work.what = [](std::uint32_t i) { return std::to_string(i); };
  work.brief = {"idle", "", ""};
  work.how.batch = 1;
  work.observer = *watcher;
  const lifetime boss{self, system.spawn(coordinator, work)};
  const auto parcels = std::make_shared<std::atomic<int>>(0);
  const lifetime worker{self, system.spawn(hasty, parcels)};
  hello from;
  from.settings = works().at("idle").digest("");
  CHECK(ask<bool>(self, *boss, atom::enlist_v, *worker, from));
  ask<receipt>(self, *worker, parcel{}); // queues behind all that the coordinator has sent
  CHECK(*parcels == 1);
  const auto done = ask<dispatched_ptr>(self, *boss, atom::run_v);
  REQUIRE(done);
  CHECK(done->failures.empty());
  CHECK(done->notes.tracks_per_line == std::vector<std::uint32_t>{3});
}
