// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/messages.hpp"
#include "actors/settings.hpp"

#include <functional>
#include <string>
#include <vector>

/// All actors of Fugato and what they answer: read this page first.
///
///                            .--------- line (one node) ----------.
///   coordinator --track--> reader --> chunker --> extractor --rows--> aggregator
///        ^  ledger                                                        |
///        '------------------------------ receipt -------------------------'
///
///   aggregator --dataset--> coordinator --extraction--> session --job--> trainer
///
/// Every stage delegates to its successor, so the last one's answer returns to
/// whoever asked the first: no acknowledgements, no correlation ids, and errors
/// find their way back by themselves.
namespace fugato {

/// Consumes one kind of message and passes its work on.
template <class Input>
using stage = caf::typed_actor<typename caf::replies_to<Input>::template with<receipt>>;

using reader_actor = stage<track>;
using chunker_actor = stage<loaded_track>;
using extractor_actor = stage<chunked_track>;
using sink_actor = stage<track_rows>;

/// One reader, chunker and extractor on the same node: audio stays inside.
using line_actor = stage<track>;

} // namespace fugato

CAF_BEGIN_TYPE_ID_BLOCK(fugato, caf::first_custom_type_id)
CAF_ADD_ATOM(fugato, fugato::atom, take, "take")
CAF_ADD_ATOM(fugato, fugato::atom, run, "run")
CAF_END_TYPE_ID_BLOCK(fugato)

namespace fugato {

/// Collects rows; `take` hands over the finished table.
using aggregator_actor = sink_actor::extend<caf::replies_to<atom::take>::with<dataset_ptr>>;

/// Hands tracks to lines until each is done or has failed.
using coordinator_actor = caf::typed_actor<caf::replies_to<atom::run>::with<extraction_ptr>>;

/// Is told how far the coordinator has got.
using observer_actor = caf::typed_actor<caf::reacts_to<progress>>;

/// Learns from a table.
using trainer_actor = caf::typed_actor<caf::replies_to<training_job>::with<training_ptr>>;

/// What a coordinator needs to know.
struct coordination {
  std::vector<track> tracks;
  std::vector<line_actor> lines;
  std::uint32_t credit = 1;   ///< tracks in flight per line
  std::uint32_t attempts = 1; ///< at a track whose medium failed
  aggregator_actor collector;
  observer_actor observer;
};

reader_actor::behavior_type reader(reader_actor::pointer self, const audio_settings& settings,
                                   const chunker_actor& next);

chunker_actor::behavior_type chunker(chunker_actor::pointer self, const chunking_settings& settings,
                                     const extractor_actor& next);

extractor_actor::behavior_type feature_extractor(extractor_actor::pointer self, const line_settings& settings,
                                                 const sink_actor& next);

line_actor::behavior_type line(line_actor::pointer self, const line_settings& settings, const sink_actor& next);

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer self, std::vector<track> tracks,
                                           std::vector<std::string> columns);

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work);

observer_actor::behavior_type observer(observer_actor::pointer self, std::function<void(const progress&)> tell);

trainer_actor::behavior_type trainer(trainer_actor::pointer self, std::uint32_t cores);

} // namespace fugato
