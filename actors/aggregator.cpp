// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pipeline.hpp"
#include "actors/row_store.hpp"

namespace fugato {

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer, std::vector<track> tracks,
                                           std::vector<std::string> columns) {
  auto store = std::make_shared<row_store>(std::move(tracks), std::move(columns));
  return {
      [store](const track_rows& x) {
        store->add(x.source.id, x.values);
        return receipt{x.source.id, x.notes};
      },
      [store](atom::take) -> dataset_ptr { return std::make_shared<const dataset>(store->take()); },
  };
}

} // namespace fugato
