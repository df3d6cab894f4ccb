// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pipeline.hpp"

#include <utility>

namespace fugato {
namespace {

/// Tells of each track once.
class herald {
public:
  herald(std::size_t tracks, std::function<void(track_outcome&&)> each)
      : told_(tracks, false), each_(std::move(each)) {}

  receipt take(parcel_rows& x) {
    receipt result{x.lease, 0, {}};
    for (measured& one : x.tasks) {
      result.bytes += one.rows.values.size() * sizeof(float);
      // failures come by the clerk's way: the coordinator may want to try again
      if (one.reason.empty())
        tell({one.task, std::move(one.rows.values), errc::internal, one.sentence, one.notes.audio_microseconds});
      result.tasks.push_back({one.task, {}, "", one.reason, one.sentence, one.notes});
    }
    return result;
  }

  void failed(std::uint32_t task, const std::string& reason, const std::string& sentence) {
    tell({task, {}, kind_named(reason).code, sentence, 0});
  }

private:
  void tell(track_outcome&& x) {
    if (!std::exchange(told_.at(x.track), true))
      each_(std::move(x));
  }

  std::vector<char> told_; // vector<bool> has no elements to exchange
  std::function<void(track_outcome&&)> each_;
};

} // namespace

aggregator_actor::behavior_type passer(aggregator_actor::pointer, std::size_t tracks,
                                       std::function<void(track_outcome&&)> each) {
  auto all = std::make_shared<herald>(tracks, std::move(each));
  return {
      [all](parcel_rows& x) { return all->take(x); },
      [](atom::started, const std::vector<std::uint32_t>&) {},
      [all](atom::failed, std::uint32_t task, const std::string& reason, const std::string& sentence) {
        all->failed(task, reason, sentence);
      },
      [](atom::take, const std::vector<std::uint32_t>&) { return true; },
  };
}

} // namespace fugato
