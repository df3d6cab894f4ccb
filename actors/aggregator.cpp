// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "actors/row_store.hpp"

namespace fugato {
namespace {

/// @param store null once the table was taken: what comes now is too late
receipt collect(row_store* store, const parcel_rows& x) {
  receipt result{x.lease, 0, {}};
  for (const measured& each : x.tasks) {
    if (store != nullptr && each.reason.empty())
      store->add({each.task, each.rows.values, each.sentence, each.notes, each.content});
    result.bytes += each.rows.values.size() * sizeof(float);
    result.tasks.push_back({each.task, {}, "", each.reason, each.sentence, each.notes});
  }
  return result;
}

} // namespace

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer, const row_store_ptr& store,
                                           const journal_ptr& journal) {
  auto open = std::make_shared<row_store_ptr>(store);
  return {
      [=](const parcel_rows& x) -> caf::result<receipt> {
        return guard<receipt>([&]() -> caf::result<receipt> { return collect(open->get(), x); });
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
      [=](atom::take, const std::vector<std::uint32_t>& without) {
        for (const std::uint32_t track : without)
          (*open)->remove(track);
        open->reset();
        return true;
      },
  };
}

} // namespace fugato
