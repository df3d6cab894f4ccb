// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "actors/row_store.hpp"

namespace fugato {
namespace {

/// What earlier runs have measured is there from the start.
void recall(row_store& store, const earlier_runs& before) {
  for (const auto& [track, was] : before.done)
    store.add(track, was.rows);
}

receipt collect(row_store& store, run_journal* journal, const parcel_rows& x) {
  receipt result{x.lease, 0, {}};
  for (const measured& each : x.tasks) {
    if (each.reason.empty() && store.add(each.task, each.rows.values) && journal != nullptr)
      journal->done(each.task, each.rows.values, each.sentence, each.notes);
    result.bytes += each.rows.values.size() * sizeof(float);
    result.tasks.push_back({each.task, {}, "", each.reason, each.sentence, each.notes});
  }
  return result;
}

} // namespace

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer, track_list tracks,
                                           std::vector<std::string> columns, const journal_ptr& journal) {
  auto store = std::make_shared<row_store>(std::move(tracks), std::move(columns));
  if (journal)
    recall(*store, journal->before());
  return {
      [=](const parcel_rows& x) -> caf::result<receipt> {
        return guard<receipt>([&]() -> caf::result<receipt> { return collect(*store, journal.get(), x); });
      },
      // a journal that cannot be written says so at the next result
      [=](atom::started, const std::vector<std::uint32_t>& tasks) {
        guard<caf::unit_t>([&]() -> caf::result<caf::unit_t> { return journal->started(tasks), caf::unit; });
      },
      [=](atom::failed, std::uint32_t task, const std::string& reason, const std::string& sentence) {
        guard<caf::unit_t>([&]() -> caf::result<caf::unit_t> {
          return journal->failed({task, kind_named(reason).code, sentence}), caf::unit;
        });
      },
      [=](atom::take, const std::vector<std::uint32_t>& without) -> dataset_ptr {
        for (const std::uint32_t track : without)
          store->remove(track);
        return std::make_shared<const dataset>(store->take());
      },
  };
}

} // namespace fugato
