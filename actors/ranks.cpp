// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/ranks.hpp"

#include "actors/asking.hpp"
#include "actors/dispatch.hpp"
#include "actors/rank_relay.hpp"
#include "actors/rank_work.hpp"
#include "actors/tracker.hpp"
#include "config/json.hpp"
#include "models/collective.hpp"
#include "models/table_bytes.hpp"
#include "models/train_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>
#include <random>

namespace fugato {
namespace {

/// What is known of an attempt while it goes on; told by several threads.
class logbook {
public:
  logbook(std::uint32_t ranks, checkpoint from) : results_(ranks), latest_(std::move(from)) {}

  /// A rank's print. What is no checkpoint is none of ours.
  void note(const tracker_protocol::message& x) {
    try {
      checkpoint told = checkpoint_from(x.text);
      const std::lock_guard hold{lock_};
      latest_ = std::move(told);
    } catch (const error&) {
    }
  }

  receipt take(const parcel_rows& x) {
    receipt answer{x.lease, 0, {}};
    for (const measured& each : x.tasks) {
      const std::lock_guard hold{lock_};
      if (each.reason.empty())
        read_json(each.text, {"a rank's result", ""}, description_of(results_.at(each.task)));
      failed_ = failed_ || !each.reason.empty();
      answer.bytes += each.text.size();
      answer.tasks.push_back({each.task, {}, "", each.reason, each.sentence, each.notes});
    }
    return answer;
  }

  bool failed() const {
    const std::lock_guard hold{lock_};
    return failed_;
  }
  std::pair<std::uint32_t, std::uint32_t> progress() const {
    const std::lock_guard hold{lock_};
    return {latest_.done, latest_.of};
  }
  checkpoint latest() const {
    const std::lock_guard hold{lock_};
    return latest_;
  }
  std::vector<rank_result> results() const {
    const std::lock_guard hold{lock_};
    return results_;
  }

private:
  mutable std::mutex lock_;
  std::vector<rank_result> results_; ///< by rank
  checkpoint latest_;
  bool failed_ = false;
};

sink_actor::behavior_type rank_sink(sink_actor::pointer, const std::shared_ptr<logbook>& log) {
  return {
      [log](const parcel_rows& x) -> caf::result<receipt> {
        return guard<receipt>([&]() -> caf::result<receipt> { return log->take(x); });
      },
  };
}

/// Names that nobody else can guess: who gives one is a rank of ours.
std::vector<std::string> fresh_names(std::uint32_t ranks) {
  std::random_device dice;
  std::vector<std::string> result;
  for (std::uint32_t i = 0; i < ranks; ++i)
    result.push_back(fmt::format("{:08x}{:08x}{:08x}{:08x}", dice(), dice(), dice(), dice()));
  return result;
}

/// Scaled rows as a table that can travel; classes have numbers for names.
dataset table_of(const samples& rows, const fit_context& context) {
  dataset result;
  result.columns = context.columns;
  result.values = rows.values;
  result.labels = rows.labels;
  for (std::uint32_t i = 0; i < context.classes; ++i)
    result.label_names.push_back(std::to_string(i));
  return result;
}

/// How ranks of other machines, if nodes of such may join, reach the tracker and each other, as long as it lives.
class way_in {
public:
  way_in(caf::scoped_actor& self, office& where, std::uint32_t ranks, std::uint16_t tracker,
         const std::shared_ptr<rank_ways>& ways) {
    if (!where.how.relative || where.settings.listen.empty())
      return;
    here_ = std::make_shared<rank_relay>(ranks, 0);
    here_->awaited_at() = tracker;
    board_.emplace(self, where.actors.spawn(switchboard, ranks, ways, here_));
    here_->begin([all = **board_](link_piece x) { caf::send_as(all, all, std::move(x)); });
  }
  ~way_in() {
    if (here_)
      here_->stop();
  }
  way_in(const way_in&) = delete;
  way_in& operator=(const way_in&) = delete;

  switchboard_actor board() const { return board_ ? **board_ : switchboard_actor{}; }

private:
  std::shared_ptr<rank_relay> here_;
  std::optional<lifetime<switchboard_actor>> board_;
};

/// One attempt to have the model learnt.
class attempt {
public:
  /// @param plan all but what an attempt has of its own
  attempt(rank_plan plan, const checkpoint& from, const std::string& table, const rank_settings& how)
      : plan_(std::move(plan)), table_(table), how_(how), log_(std::make_shared<logbook>(ranks(), from)) {
    plan_.initial = from.model;
  }

  /// @returns why it failed, a clause; empty when it did not
  std::string run(const std::function<void(std::uint32_t, std::uint32_t)>& tell) {
    plan_.names = fresh_names(ranks());
    const auto ways = std::make_shared<rank_ways>(ranks());
    tracker meeting{plan_.names, ways, how_.train.timeout_seconds,
                    [log = log_](const tracker_protocol::message& x) { log->note(x); }};
    plan_.port = meeting.port();
    std::uint32_t told = 0;
    const auto stop = [&] {
      const auto [done, of] = log_->progress();
      if (tell && of > 0 && done != std::exchange(told, done))
        tell(done, of);
      return log_->failed() || !meeting.problem().empty();
    };
    const auto mark = [&, begun = false](const std::vector<std::uint32_t>&) mutable {
      if (!std::exchange(begun, true))
        meeting.begin();
    };
    const dispatched done = hand_out(stop, mark, ways);
    take(done.notes);
    return verdict(done, meeting.problem());
  }

  checkpoint latest() const { return log_->latest(); }
  const rank_costs& costs() const { return costs_; }

  /// @throws error(internal) unless all ranks have learnt the same
  std::vector<rank_result> results() const {
    const auto all = log_->results();
    for (std::size_t i = 1; i < all.size(); ++i)
      if (all[i].sha256 != all[0].sha256)
        throw error(errc::internal, fmt::format("all ranks must learn the same model, but rank 0's has the SHA-256 {} "
                                                "and rank {}'s {}",
                                                all[0].sha256, i, all[i].sha256));
    return all;
  }

private:
  void take(const dispatch_notes& x) {
    costs_.ranks = ranks();
    costs_.startup_wall_seconds = 1e-6 * static_cast<double>(x.startup_us);
    costs_.startup_cpu_seconds = 1e-9 * static_cast<double>(x.startup_cpu_ns + x.startup_leader_cpu_ns);
    costs_.peak_rss_bytes = x.worker_rss_bytes;
    costs_.messages = x.messages;
    costs_.wire_bytes = x.wire_bytes;
  }

  std::uint32_t ranks() const { return static_cast<std::uint32_t>(plan_.names.size()); }

  /// Once a rank is lost the others wait for it in vain, and are not waited for.
  /// @param mark is told when the first rank is handed out
  dispatched hand_out(const std::function<bool()>& stop, const mark_started& mark,
                      const std::shared_ptr<rank_ways>& ways) {
    dispatch_settings dispatch = how_.dispatch;
    dispatch.workers = ranks();
    dispatch.crashes = 1; // a rank cannot be tried again without the others
    dispatch.attempts = 1;
    dispatch.straggler_seconds = 0;
    dispatch.deadline_seconds = 0;
    office where{dispatch, how_.announce, for_ranks(policies().at(dispatch.policy))};
    caf::scoped_actor self{where.actors};
    const lifetime sink{self, with_thread([&] { return where.actors.spawn<caf::detached>(rank_sink, log_); })};
    const way_in way{self, where, ranks(), static_cast<std::uint16_t>(plan_.port), ways};
    const auto text = [n = ranks()](std::uint32_t rank) { return fmt::format("rank {} of {}", rank, n); };
    assignment work;
    work.tasks = ranks();
    work.what = text;
    work.brief = {"rank", to_json(plan_), table_};
    work.sink = *sink;
    work.board = way.board();
    work.mark = mark;
    std::atomic<bool> lost = false; // told by the observer's thread
    work.stop = [&] { return lost || stop(); };
    work.grace = std::chrono::seconds(1);
    return carry_out(where, self, work, [&lost](const progress& x) { lost = x.failed > 0; });
  }

  /// The cause rather than what came of it: ranks that lose one say so too.
  static std::string verdict(const dispatched& x, const std::string& problem) {
    for (const task_failure& each : x.failures)
      if (each.reason == errc::worker_lost)
        return fmt::format("the process of rank {} was lost", each.task);
    if (!problem.empty())
      return problem;
    if (!x.withdrawn.empty())
      return fmt::format("rank {} did not answer any more", x.withdrawn.front());
    return x.failures.empty() ? ""
                              : fmt::format("rank {} failed: {}", x.failures.front().task, x.failures.front().sentence);
  }

  rank_plan plan_;
  const std::string& table_;
  const rank_settings& how_;
  std::shared_ptr<logbook> log_;
  rank_costs costs_;
};

rank_plan plan_of(classifier& model, const fit_context& context, const rank_settings& how, std::size_t rows) {
  const std::uint32_t ranks = how.train.ranks > 0 ? how.train.ranks : std::min(core_budget(how.dispatch), 64U);
  const std::size_t chunks = (rows + how.train.chunk_rows - 1) / how.train.chunk_rows;
  if (chunks < ranks)
    throw error(errc::bad_model,
                how.train.chunk_rows == 1
                    ? fmt::format("each of {} ranks needs a row to learn from, found {}", ranks, rows)
                    : fmt::format("each of {} ranks needs a chunk of rows to learn from, but train.chunk_rows {} makes "
                                  "{} of {} rows",
                                  ranks, how.train.chunk_rows, chunks, rows));
  rank_plan plan;
  plan.model = how.train.model;
  hyper_parameters section{model};
  plan.parameters = write_json(description_of(section));
  plan.classes = context.classes;
  plan.seed = context.seed;
  plan.names.resize(ranks);
  plan.chunk_rows = how.train.chunk_rows;
  plan.timeout_seconds = static_cast<std::uint32_t>(std::ceil(how.train.timeout_seconds));
  plan.checkpoint_rounds = how.train.checkpoint_rounds;
  return plan;
}

} // namespace

fitted fit_on_ranks(classifier& model, const samples& rows, const fit_context& context, const rank_settings& how) {
  train_policies().at(how.train.policy).check(model, how.train.model);
  const rank_plan plan = plan_of(model, context, how, rows.rows());
  const std::string table = to_bytes(table_of(rows, context));
  fitted result;
  checkpoint from;
  for (std::uint32_t i = 1; i <= how.train.attempts; ++i) {
    attempt now{plan, from, table, how};
    const std::string why = now.run(context.tell);
    if (why.empty()) {
      const auto learnt = now.results();
      for (const rank_result& each : learnt)
        result.cpu_seconds_elsewhere += each.cpu_seconds;
      model.collective()->adopt(learnt.front().model);
      result.ranks = now.costs();
      result.notes.push_back(fmt::format("learnt by {} ranks, which all ended with the model of SHA-256 {}",
                                         learnt.size(), learnt.front().sha256));
      return result;
    }
    from = now.latest();
    result.notes.push_back(fmt::format("attempt {} of {} to learn on {} ranks failed: {}; {} rounds are kept", i,
                                       how.train.attempts, plan.names.size(), why, from.done));
    how.announce(result.notes.back());
  }
  throw error(errc::worker_lost,
              fmt::format("all ranks must live until the model is learnt, but {}", result.notes.back()));
}

} // namespace fugato
