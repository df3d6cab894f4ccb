// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/feature_cache.hpp"
#include "actors/inspection.hpp"
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

class rank_relay;
class rank_ways;

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

/// Stands beside a rank on another machine than the leader's: what ranks say to each other goes from relay to
/// switchboard to relay, and so through the one connection that every node has.
using relay_actor = caf::typed_actor<caf::reacts_to<link_piece>>;
using switchboard_actor = caf::typed_actor<caf::reacts_to<relay_offer, relay_actor>, caf::reacts_to<link_piece>>;

} // namespace fugato

CAF_BEGIN_TYPE_ID_BLOCK(fugato, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(fugato, (fugato::parcel))
CAF_ADD_TYPE_ID(fugato, (fugato::parcel_rows))
CAF_ADD_TYPE_ID(fugato, (fugato::receipt))
CAF_ADD_TYPE_ID(fugato, (fugato::hello))
CAF_ADD_TYPE_ID(fugato, (fugato::briefing))
CAF_ADD_TYPE_ID(fugato, (fugato::sink_actor))
CAF_ADD_TYPE_ID(fugato, (fugato::line_actor))
CAF_ADD_TYPE_ID(fugato, (fugato::piece_kind))
CAF_ADD_TYPE_ID(fugato, (fugato::link_piece))
CAF_ADD_TYPE_ID(fugato, (fugato::relay_offer))
CAF_ADD_TYPE_ID(fugato, (fugato::relay_actor))
CAF_ADD_TYPE_ID(fugato, (fugato::switchboard_actor))
CAF_ADD_ATOM(fugato, fugato::atom, acquit, "acquit")
CAF_ADD_ATOM(fugato, fugato::atom, enlist, "enlist")
CAF_ADD_ATOM(fugato, fugato::atom, expect, "expect")
CAF_ADD_ATOM(fugato, fugato::atom, failed, "failed")
CAF_ADD_ATOM(fugato, fugato::atom, greet, "greet")
CAF_ADD_ATOM(fugato, fugato::atom, halt, "halt")
CAF_ADD_ATOM(fugato, fugato::atom, leave, "leave")
CAF_ADD_ATOM(fugato, fugato::atom, lost, "lost")
CAF_ADD_ATOM(fugato, fugato::atom, present, "present")
CAF_ADD_ATOM(fugato, fugato::atom, remark, "remark")
CAF_ADD_ATOM(fugato, fugato::atom, run, "run")
CAF_ADD_ATOM(fugato, fugato::atom, started, "started")
CAF_ADD_ATOM(fugato, fugato::atom, stuck, "stuck")
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

/// Stands before a sink where results come from other processes. `expect` tells what was
/// handed out under a lease; results that cannot be are answered with worker_lost.
using inspector_actor = sink_actor::extend<caf::reacts_to<atom::expect, std::uint64_t, std::vector<std::uint32_t>>>;

/// Reads files and sends them along, not more bytes at once than it may.
using courier_actor = caf::typed_actor<caf::replies_to<parcel, line_actor>::with<receipt>>;

/// What workers see of the coordinator. `greet`, with protocol, build and a name for people, is answered with
/// the briefing, the sink and where ranks are the switchboard, or refused; its form never changes, so that all versions
/// understand why. Then each of the worker's lines enlists, which is refused to lines that have understood other
/// settings. A line that is to `leave` gets no more and is dismissed when it has finished what it
/// holds; with true, others get that.
using leader_actor = caf::typed_actor<caf::replies_to<atom::greet, std::uint32_t, std::string,
                                                      std::string>::with<briefing, sink_actor, switchboard_actor>,
                                      caf::replies_to<atom::enlist, line_actor, hello>::with<bool>,
                                      caf::reacts_to<atom::leave, line_actor, bool>>;

/// Hands tasks to lines until each is done or has failed. `halt`: no more are handed
/// out; with true, those in flight are not waited for either. `acquit`: this process lived when its lines
/// were lost, so that what they held did not kill it.
using coordinator_actor =
    leader_actor::extend<caf::replies_to<atom::run>::with<dispatched_ptr>, caf::reacts_to<atom::tick>,
                         caf::reacts_to<atom::halt, bool>, caf::reacts_to<atom::acquit, std::uint32_t>,
                         caf::replies_to<atom::present>::with<atom::present>>;

/// Is told how far the coordinator or the trainer has got; of a coordinator that is watched also where all is.
using observer_actor = caf::typed_actor<caf::reacts_to<progress>, caf::reacts_to<dispatch_status_ptr>>;

/// Is told which worker processes were given up, with true for a missed deadline: who started them ends
/// them; what the user should know; and of which task a line of this very process cannot be freed.
using owner_actor =
    caf::typed_actor<caf::reacts_to<atom::lost, std::uint32_t, bool>, caf::reacts_to<atom::remark, std::string>,
                     caf::reacts_to<atom::stuck, std::string>>;

/// Learns from a table.
using trainer_actor = caf::typed_actor<caf::replies_to<training_job>::with<training_ptr>>;

/// Notes which tasks are handed out.
using mark_started = std::function<void(const std::vector<std::uint32_t>&)>;

/// What a coordinator needs to know.
struct coordination {
  std::uint32_t tasks = 0;
  std::function<std::string(std::uint32_t)> what; ///< the text of a task
  briefing brief;
  std::uint32_t lines_wanted = 1; ///< start-up is over when so many have enlisted
  bool muster = false;            ///< whether none is fed before: for measurements
  feeding how;
  patience limits;
  std::uint64_t no_worker_us = 0;                 ///< how long to wait when no line is there; 0: for ever
  sink_actor sink;                                ///< whose receipts count
  inspector_actor inspector;                      ///< before the sink; null where no result crosses processes
  clerk_actor clerk;                              ///< null: there is no journal
  mark_started mark;                              ///< see assignment
  std::vector<std::uint32_t> done;                ///< tasks that an earlier run has settled
  std::map<std::uint32_t, std::uint32_t> crashes; ///< how often a task took an earlier run with it
  courier_actor courier;                          ///< null: lines read files themselves
  switchboard_actor board;                        ///< null: no ranks need it
  observer_actor observer;
  bool watched = false; ///< whether the observer wants to know where all is
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
/// @param sink whose receipts count
courier_actor::behavior_type courier(courier_actor::pointer self, std::function<std::string(std::uint32_t)> path,
                                     const audio_settings& settings, std::uint64_t most_bytes, const sink_actor& sink);

inspector_actor::behavior_type inspector(inspector_actor::pointer self, const result_check& check,
                                         const sink_actor& next);

aggregator_actor::behavior_type aggregator(aggregator_actor::pointer self, const row_store_ptr& store,
                                           const journal_ptr& journal);

/// Stands where the aggregator does, but hands each track on as soon as it is settled and keeps nothing: the
/// first word about a track counts, and `take` gives an empty table.
aggregator_actor::behavior_type passer(aggregator_actor::pointer self, std::size_t tracks,
                                       std::function<void(track_outcome&&)> each);

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work);

observer_actor::behavior_type observer(observer_actor::pointer self, std::function<void(const progress&)> tell);

/// An observer that also wants to know where all is.
observer_actor::behavior_type viewer(observer_actor::pointer self, std::function<void(const progress&)> tell,
                                     std::function<void(const dispatch_status&)> show);

/// @param here of this process: reaches the tracker
switchboard_actor::behavior_type switchboard(switchboard_actor::pointer self, std::uint32_t ranks,
                                             const std::shared_ptr<rank_ways>& ways,
                                             const std::shared_ptr<rank_relay>& here);

/// When the switchboard is gone, so are the links.
relay_actor::behavior_type relay(relay_actor::pointer self, const std::shared_ptr<rank_relay>& here,
                                 const switchboard_actor& board);

trainer_actor::behavior_type trainer(trainer_actor::pointer self, std::uint32_t cores, const observer_actor& watcher,
                                     const fitter& fit);

} // namespace fugato
