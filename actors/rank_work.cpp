// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/rank_work.hpp"

#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/rank_relay.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/usage.hpp"
#include "models/collective.hpp"
#include "models/settings.hpp"
#include "models/table_bytes.hpp"

#include <fmt/format.h>

#include <atomic>

namespace fugato {
namespace {

rank_plan plan_of(const std::string& text) {
  rank_plan result;
  read_json(text, {"the leader's plan for the ranks", ""}, description_of(result));
  return result;
}

/// The way of a rank on another machine to the others and to the tracker, as long as it lives. The relay's actor
/// stays as long as the rank's: the news of its end would overtake what was said last.
class way_out {
public:
  way_out(reader_actor::pointer self, const switchboard_actor& board, std::uint32_t rank, std::uint32_t ranks)
      : here_(std::make_shared<rank_relay>(rank, ranks + 1)), relay_(self->spawn<caf::linked>(relay, here_, board)) {
    caf::send_as(relay_, board, relay_offer{rank, here_->doors()}, relay_);
    here_->begin([from = relay_, board](link_piece x) { caf::send_as(from, board, std::move(x)); });
  }
  ~way_out() { here_->stop(); }
  way_out(const way_out&) = delete;
  way_out& operator=(const way_out&) = delete;

  std::uint16_t to_tracker() const { return here_->doors().back(); }
  std::atomic<std::uint16_t>& awaited_at() const { return here_->awaited_at(); }

private:
  std::shared_ptr<rank_relay> here_;
  relay_actor relay_;
};

/// @param tracker port of this machine
/// @param awaits is told at which port the rank awaits others; or null
measured learn_as(std::uint32_t rank, const rank_plan& plan, const dataset& table, std::uint16_t tracker,
                  std::atomic<std::uint16_t>* awaits) {
  const std::uint64_t before = thread_cpu_nanoseconds();
  const auto ranks = static_cast<std::uint32_t>(plan.names.size());
  model_settings models;
  classifier& model = models.at(plan.model);
  hyper_parameters section{model};
  read_json(plan.parameters, {"models." + plan.model, ""}, description_of(section));
  if (model.collective() == nullptr || rank >= ranks)
    throw error(errc::internal, fmt::format("rank {} of {} cannot learn the model '{}'", rank, ranks, plan.model));
  fit_context context;
  context.classes = plan.classes;
  context.seed = plan.seed;
  context.columns = table.columns;
  const rank_job job{tracker, plan.names[rank], ranks, plan.timeout_seconds, plan.checkpoint_rounds, plan.initial,
                     awaits};
  rank_result learnt;
  learnt.model = model.collective()->fit_together(shard_of(table, rank, ranks, plan.chunk_rows), context, job);
  learnt.sha256 = sha256_hex(learnt.model);
  if (rank != 0)
    learnt.model.clear();
  learnt.cpu_seconds = 1e-9 * static_cast<double>(thread_cpu_nanoseconds() - before);
  measured result;
  result.text = to_json(std::move(learnt));
  return result;
}

reader_actor::behavior_type rank_actor(reader_actor::pointer self, const std::shared_ptr<const rank_plan>& plan,
                                       const dataset_ptr& table, const switchboard_actor& board) {
  return {
      [=](const job& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          simulate_fault(x.todo.what);
          if (!board)
            return purely(
                [&] { return learn_as(x.todo.id, *plan, *table, static_cast<std::uint16_t>(plan->port), nullptr); });
          const way_out way{self, board, x.todo.id, static_cast<std::uint32_t>(plan->names.size())};
          return purely([&] { return learn_as(x.todo.id, *plan, *table, way.to_tracker(), &way.awaited_at()); });
        });
      },
  };
}

} // namespace

void describe(visitor& v, rank_plan& x) {
  v("model", x.model, one_of{models().names()}, "what is learnt");
  v("parameters", x.parameters, anything{}, "JSON of the model's section");
  v("classes", x.classes, anything{}, "of the labels");
  v("seed", x.seed, anything{}, "of whatever the model draws at random");
  v("names", x.names, anything{}, "under which the ranks are expected");
  v("port", x.port, between{0, 65535}, "at the leader's machine, where ranks find each other");
  v("chunk_rows", x.chunk_rows, between{1, 1e9}, "rows that a rank is dealt at a time");
  v("timeout_seconds", x.timeout_seconds, anything{}, "how long a rank may be silent [s]");
  v("checkpoint_rounds", x.checkpoint_rounds, between{1, 100000}, "rounds from one checkpoint to the next");
  v("initial", x.initial, anything{}, "model to go on from, or empty");
}

void describe(visitor& v, rank_result& x) {
  v("sha256", x.sha256, anything{}, "of the model");
  v("cpu_seconds", x.cpu_seconds, anything{}, "CPU time of the rank's thread [s]");
  v("model", x.model, anything{}, "of rank 0, else empty");
}

std::string digest_of_ranks(const std::string& settings) { return sha256_hex(to_json(plan_of(settings))); }

prepared_work learn_in_ranks(const briefing& brief, const site& here) {
  const auto plan = std::make_shared<const rank_plan>(plan_of(brief.settings));
  const auto table = std::make_shared<const dataset>(dataset_from_bytes(brief.supply));
  // detached: XGBoost's collective belongs to a thread, which waits for the other ranks
  return {[plan, table, board = here.board](line_actor::pointer self) {
            return self->spawn<caf::linked + caf::detached>(rank_actor, plan, table, board);
          },
          ""};
}

} // namespace fugato
