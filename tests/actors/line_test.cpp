// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/asking.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

using namespace fugato;

namespace {

/// Tracks between the first stage and the second: decoded, not yet measured.
struct held {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
};

reader_actor::behavior_type first(reader_actor::pointer self, const std::shared_ptr<held>& decoded,
                                  const chunker_actor& next) {
  return {
      [=](const job& x) -> caf::result<measured> {
        decoded->most = std::max<int>(decoded->most, ++decoded->now);
        return self->delegate(next, loaded_track{x.todo.what, nullptr, {}});
      },
  };
}

chunker_actor::behavior_type second(chunker_actor::pointer, const std::shared_ptr<held>& decoded) {
  return {
      [=](const loaded_track& x) -> caf::result<measured> {
        --decoded->now;
        if (x.path == "bad")
          return to_caf(errc::not_audio, "bad: must be audio");
        return measured{0, {}, x.path, "", "", {}};
      },
  };
}

sink_actor::behavior_type keeper(sink_actor::pointer, const std::shared_ptr<std::atomic<int>>& parcels) {
  return {
      [parcels](const parcel_rows& x) {
        ++*parcels;
        return receipt{x.lease, 0, x.tasks};
      },
  };
}

/// What came of each task of a parcel, in order.
std::vector<std::string> results(const receipt& x) {
  std::vector<std::string> found;
  for (const measured& each : x.tasks)
    found.push_back(std::to_string(each.task) + ' ' + (each.reason.empty() ? each.text : each.reason));
  return found;
}

} // namespace

TEST_CASE("a line with several leases in flight holds one decoded track, and answers each lease") {
  system_config config{1, false, 10};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const auto decoded = std::make_shared<held>();
  const auto kept = std::make_shared<std::atomic<int>>(0);
  const lifetime sink{self, system.spawn(keeper, kept)};
  const first_stage open = [decoded](line_actor::pointer owner) {
    return owner->spawn<caf::linked>(first, decoded, owner->spawn<caf::linked>(second, decoded));
  };
  const lifetime one{self, system.spawn(line, open, *sink)};
  const std::vector<parcel> parcels{
      {7, {{0, "a"}, {1, "b"}}, {}}, {8, {{2, "bad"}}, {}}, {9, {}, {}}, {10, {{3, "c"}, {4, "d"}}, {}}};
  std::vector<receipt> answers;
  for (const parcel& x : parcels)
    self->send(*one, x);
  while (answers.size() < parcels.size())
    self->receive([&](const receipt& x) { answers.push_back(x); });
  CHECK(*kept == 4);
  CHECK(decoded->most == 1);
  CHECK(decoded->now == 0);
  CHECK(answers[0].lease == 7);
  CHECK(results(answers[0]) == std::vector<std::string>{"0 a", "1 b"});
  CHECK(answers[1].lease == 8);
  CHECK(results(answers[1]) == std::vector<std::string>{"2 not-audio"});
  CHECK(answers[2].lease == 9);
  CHECK(answers[2].tasks.empty());
  CHECK(answers[3].lease == 10);
  CHECK(results(answers[3]) == std::vector<std::string>{"3 c", "4 d"});
}
