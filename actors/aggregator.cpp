// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pipeline.hpp"
#include "actors/row_store.hpp"

namespace fugato {

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer, track_list tracks,
                                           std::vector<std::string> columns) {
  auto store = std::make_shared<row_store>(std::move(tracks), std::move(columns));
  return {
      [store](const parcel_rows& x) {
        receipt result{x.lease, 0, {}};
        for (const measured& each : x.tasks) {
          if (each.reason.empty())
            store->add(each.task, each.rows.values);
          result.bytes += each.rows.values.size() * sizeof(float);
          result.tasks.push_back({each.task, {}, "", each.reason, each.sentence, each.notes});
        }
        return result;
      },
      [store](atom::take, const std::vector<std::uint32_t>& without) -> dataset_ptr {
        for (const std::uint32_t track : without)
          store->remove(track);
        return std::make_shared<const dataset>(store->take());
      },
  };
}

} // namespace fugato
