// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/feature_cache.hpp"
#include "actors/ledger.hpp"
#include "actors/messages.hpp"
#include "actors/settings.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

/// All actors of Fugato and what they answer: read this page first.
///
///                            .--------------- line (one node) -------------.
///   coordinator --parcel--> line --job--> reader --> chunker --> extractor |
///        ^  ledger           |^-----------------measured---------------'   |
///        |                   '-----------------------------------parcel_rows--> aggregator
///        '------------------------------ receipt -------------------------------'
///
/// A stage delegates to its successor, so the last one's answer returns to
/// whoever asked the first: the extractor's rows to the line, the aggregator's
/// receipt to the coordinator. No acknowledgements, no correlation ids.
///
/// Between coordinator and line a courier adds the files' bytes where audio is
/// shipped. What a line does with a job is a row of the catalog of works
/// (actors/work.hpp): measuring tracks is one.
namespace fugato {

/// Consumes one kind of message and passes its work on; what was measured comes back.
template <class Input>
using stage = caf::typed_actor<typename caf::replies_to<Input>::template with<measured>>;

using reader_actor = stage<job>;
using chunker_actor = stage<loaded_track>;
using extractor_actor = stage<chunked_track>;

/// Where results arrive, on the leader.
using sink_actor = caf::typed_actor<caf::replies_to<parcel_rows>::with<receipt>>;

/// The first stage and those behind it on the same node: audio stays inside.
using line_actor = caf::typed_actor<caf::replies_to<parcel>::with<receipt>>;

} // namespace fugato

CAF_BEGIN_TYPE_ID_BLOCK(fugato, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(fugato, (fugato::parcel))
CAF_ADD_TYPE_ID(fugato, (fugato::parcel_rows))
CAF_ADD_TYPE_ID(fugato, (fugato::receipt))
CAF_ADD_TYPE_ID(fugato, (fugato::hello))
CAF_ADD_TYPE_ID(fugato, (fugato::briefing))
CAF_ADD_TYPE_ID(fugato, (fugato::sink_actor))
CAF_ADD_TYPE_ID(fugato, (fugato::line_actor))
CAF_ADD_ATOM(fugato, fugato::atom, enlist, "enlist")
CAF_ADD_ATOM(fugato, fugato::atom, failed, "failed")
CAF_ADD_ATOM(fugato, fugato::atom, halt, "halt")
CAF_ADD_ATOM(fugato, fugato::atom, lost, "lost")
CAF_ADD_ATOM(fugato, fugato::atom, run, "run")
CAF_ADD_ATOM(fugato, fugato::atom, started, "started")
CAF_ADD_ATOM(fugato, fugato::atom, take, "take")
CAF_ADD_ATOM(fugato, fugato::atom, tick, "tick")
CAF_END_TYPE_ID_BLOCK(fugato)

namespace fugato {

/// Is told what the run's journal has to know besides results: which tasks are handed
/// out, which were given up and why.
using clerk_actor = caf::typed_actor<caf::reacts_to<atom::started, std::vector<std::uint32_t>>,
                                     caf::reacts_to<atom::failed, std::uint32_t, std::string, std::string>>;

/// Puts rows into the store, and keeps the journal; from `take` on, the store is left to whoever asked, without
/// the given tracks.
using aggregator_actor =
    sink_actor::extend_with<clerk_actor>::extend<caf::replies_to<atom::take, std::vector<std::uint32_t>>::with<bool>>;

/// Reads files and sends them along, not more bytes at once than it may.
using courier_actor = caf::typed_actor<caf::replies_to<parcel, line_actor>::with<receipt>>;

/// What workers see of the coordinator: `hello` is answered with the briefing and
/// the sink; then each of the worker's lines enlists, which is refused to lines
/// that have understood other settings.
using leader_actor = caf::typed_actor<caf::replies_to<hello>::with<briefing, sink_actor>,
                                      caf::replies_to<atom::enlist, line_actor, hello>::with<bool>>;

/// Hands tasks to lines until each is done or has failed. `halt`: no more are handed
/// out; with true, those in flight are not waited for either.
using coordinator_actor = leader_actor::extend<caf::replies_to<atom::run>::with<dispatched_ptr>,
                                               caf::reacts_to<atom::tick>, caf::reacts_to<atom::halt, bool>>;

/// Is told how far the coordinator or the trainer has got.
using observer_actor = caf::typed_actor<caf::reacts_to<progress>>;

/// Is told which worker processes were given up: who started them ends them.
using owner_actor = caf::typed_actor<caf::reacts_to<atom::lost, std::uint32_t>>;

/// Learns from a table.
using trainer_actor = caf::typed_actor<caf::replies_to<training_job>::with<training_ptr>>;

/// What a coordinator needs to know.
struct coordination {
  std::uint32_t tasks = 0;
  std::function<std::string(std::uint32_t)> what; ///< the text of a task
  briefing brief;
  std::uint32_t lines_wanted = 1; ///< start-up is over when so many have enlisted
  bool muster = false;            ///< whether none is fed before: for measurements
  feeding how;
  patience limits;
  sink_actor sink;
  clerk_actor clerk;                              ///< null: there is no journal
  std::vector<std::uint32_t> done;                ///< tasks that an earlier run has settled
  std::map<std::uint32_t, std::uint32_t> crashes; ///< how often a task took an earlier run with it
  courier_actor courier;                          ///< null: lines read files themselves
  observer_actor observer;
  owner_actor owner;
};

/// Makes the first stage of a line, and those behind it, linked to the line.
using first_stage = std::function<reader_actor(line_actor::pointer)>;

/// Takes a parcel's tasks through its stages one by one, so that only one track is
/// decoded at a time, and the results to the sink.
line_actor::behavior_type line(line_actor::pointer self, const first_stage& open, const sink_actor& sink);

/// @param root tracks' paths count from there and must stay beneath; empty: no limit
reader_actor::behavior_type reader(reader_actor::pointer self, const audio_settings& settings, const std::string& root,
                                   const chunker_actor& next);

/// Before the reader: answers from the cache where that knows the file's bytes.
reader_actor::behavior_type librarian(reader_actor::pointer self, std::shared_ptr<const feature_cache> cache,
                                      const audio_settings& settings, const std::string& root,
                                      const reader_actor& next);

chunker_actor::behavior_type chunker(chunker_actor::pointer self, const chunking_settings& settings,
                                     const extractor_actor& next);

extractor_actor::behavior_type feature_extractor(extractor_actor::pointer self, const line_settings& settings);

/// @param path of a task's file, here
/// @param most_bytes in flight, unless a single parcel has more
courier_actor::behavior_type courier(courier_actor::pointer self, std::function<std::string(std::uint32_t)> path,
                                     const audio_settings& settings, std::uint64_t most_bytes);

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer self, const row_store_ptr& store,
                                           const journal_ptr& journal);

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work);

observer_actor::behavior_type observer(observer_actor::pointer self, std::function<void(const progress&)> tell);

trainer_actor::behavior_type trainer(trainer_actor::pointer self, std::uint32_t cores, const observer_actor& watcher,
                                     const fitter& fit);

} // namespace fugato
