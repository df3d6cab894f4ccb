// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/ledger.hpp"
#include "actors/lookout.hpp"
#include "actors/pipeline.hpp"
#include "actors/roster.hpp"
#include "actors/stall_clock.hpp"
#include "actors/work.hpp"
#include "config/printable.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace fugato {
namespace {

/// How often deadlines and stragglers are looked for.
constexpr std::chrono::milliseconds beat{200};

/// Spans of a beat that are shown: more than this no eye can follow.
constexpr std::size_t most_unshown = 500;

/// The shell around the ledger: turns its decisions into requests.
class desk : public std::enable_shared_from_this<desk> {
public:
  desk(coordinator_actor::pointer self, const coordination& work)
      : self_(self),
        work_(work),
        settings_digest_(works().at(work.brief.work).digest(work.brief.settings)),
        book_(work.tasks, work.how, work.limits),
        watch_(work.no_worker_us) {
    seen_.tracks = work.tasks;
    for (const std::uint32_t task : work.done)
      seen_.done += book_.settle(task) ? 1 : 0;
    for (const auto& [task, times] : work.crashes)
      if (book_.suspect(task, times))
        give_up(task, errc::worker_lost, blame(task));
  }

  caf::result<dispatched_ptr> run() {
    done_ = self_->make_response_promise<dispatched_ptr>();
    if (book_.finished())
      finish();
    tick();
    return done_;
  }

  caf::result<briefing, sink_actor, switchboard_actor> greet(std::uint32_t protocol, const std::string& build,
                                                             const std::string& who) {
    if (protocol == protocol_version && build == build_identity())
      return {work_.brief, work_.inspector ? caf::actor_cast<sink_actor>(work_.inspector) : work_.sink, work_.board};
    return refuse(printable(who, 80), "worker and leader must be the same build, but the worker is " +
                                          printable(build, 80) + " (protocol " + std::to_string(protocol) +
                                          ") and the leader " + build_identity() + " (protocol " +
                                          std::to_string(protocol_version) + ")");
  }

  caf::result<bool> enlist(const line_actor& line, const hello& from) {
    if (from.settings != settings_digest_)
      return refuse(name_of(from), "worker and leader must work with the same settings, but the worker's have the "
                                   "SHA-256 " +
                                       printable(from.settings, 64) + " and the leader's " + settings_digest_);
    if (expelled_.count(line.node()) > 0)
      return to_caf(errc::usage, "a worker must send no nonsense, but this one was dropped for that");
    const std::uint32_t other = lines_.beside(line, from.process);
    if (other == lines_.size())
      welcome(from);
    const std::uint32_t id = other == lines_.size() ? book_.join() : book_.join_beside(other);
    lines_.add({line, from.process, from.identity, name_of(from)});
    self_->monitor(line);
    notes_.tracks_per_line.push_back(0);
    notes_.startup_cpu_ns += from.startup_nanoseconds;
    note_isa(notes_.isas, from.isa);
    if (lines_.size() == work_.lines_wanted) {
      notes_.startup_us = now();
      notes_.startup_leader_cpu_ns = process_cpu_nanoseconds();
    }
    feed_from(id);
    return true;
  }

  /// When the link to a process breaks, all its lines are lost at once, before one is given what another held.
  void down(const caf::down_msg& x) {
    for (const auto id : lines_.alive_where([&](const line_entry& one) { return one.handle.address() == x.source; }))
      lose(x.reason == caf::exit_reason::remote_link_unreachable ? lines_.alive_at(lines_[id].handle.node())
                                                                 : std::vector{id},
           standing::gone);
  }

  void leave(const line_actor& line, bool now) {
    for (const auto id : lines_.alive_where([&](const line_entry& x) { return x.handle == line; })) {
      notes_.left += std::exchange(lines_[id].leaving, true) ? 0 : 1;
      book_.retire(id);
      if (now)
        book_.release(id);
      if (book_.idle(id))
        dismiss(id);
    }
    feed_from(0);
  }

  /// This worker lived when its lines were lost.
  void acquit(std::uint32_t process) {
    acquit_if([process](const line_entry& x) { return x.process == process; });
  }

  void halt(bool now) {
    halted_ = true;
    if (done_.pending())
      withdraw(now);
  }

  /// Deadlines and stragglers, looked for from time to time.
  void tick() {
    if (finishing_)
      return;
    for (const std::uint32_t id : book_.overdue(now()))
      end_overdue(id);
    watch_for_workers();
    feed_from(0);
    show();
    self_->delayed_send(self_, beat, atom::tick_v);
  }

private:
  std::uint64_t now() { return clock_.read(); }

  /// Offers work to all lines, this one first, until none takes any more.
  void feed_from(std::uint32_t first) {
    if (!done_.pending()) // nobody has asked yet: what would be the answer's fate if all were done at once?
      return;
    if (halted_)
      return withdraw(false);
    const std::uint32_t count = lines_.size();
    if (work_.muster && count < work_.lines_wanted)
      return;
    for (std::uint32_t i = 0; i < count && !finishing_; ++i)
      while (feed((first + i) % count)) {
      }
  }

  bool feed(std::uint32_t id) {
    const auto lease = book_.next(id, now());
    if (!lease)
      return false;
    parcel work{lease->id, {}, {}};
    for (const std::uint32_t task : lease->tasks)
      work.tasks.push_back({task, work_.what(task)});
    if (work_.mark)
      work_.mark(lease->tasks);
    else if (work_.clerk)
      self_->send(work_.clerk, atom::started_v, lease->tasks);
    if (work_.inspector)
      self_->send(work_.inspector, atom::expect_v, lease->id, lease->tasks);
    ++notes_.messages;
    notes_.wire_bytes += lines_[id].process == 0 ? 0 : payload(work);
    const auto good = [me = shared_from_this(), id](const receipt& x) { me->arrived(id, x); };
    const auto bad = [me = shared_from_this(), id](const caf::error& e) { me->unanswered(id, e); };
    const line_actor& line = lines_[id].handle;
    if (work_.courier)
      self_->request(work_.courier, caf::infinite, std::move(work), line).then(good, bad);
    else
      self_->request(line, caf::infinite, std::move(work)).then(good, bad);
    return true;
  }

  /// A line that is gone is one thing, one that sends nonsense another; results that cannot
  /// be kept end the run.
  void unanswered(std::uint32_t id, const caf::error& e) {
    const error why = from_caf(e);
    if (why.code() == errc::worker_lost)
      return expel(id, why.what());
    if (why.code() != errc::output || !from_sink())
      return lose({id}, standing::gone);
    if (std::exchange(finishing_, true))
      return;
    dismiss_all();
    done_.deliver(e);
  }

  /// Only who keeps results knows that they came, or cannot be kept; a courier looks for itself.
  bool from_sink() const { return !work_.inspector || work_.courier || self_->current_sender() == work_.sink; }

  void arrived(std::uint32_t id, const receipt& x) {
    if (!from_sink())
      return unanswered(id, false_receipt());
    const std::uint64_t at = now();
    book_.close(x.lease, at);
    note_times(id, x, at);
    for (const measured& each : x.tasks)
      settle(id, each);
    notes_.messages += 2; // rows to the aggregator, the receipt from it
    notes_.wire_bytes += lines_[id].process == 0 ? 0 : x.bytes;
    self_->send(work_.observer, seen_);
    if (lines_.alive(id) && (book_.spent(id) || (lines_[id].leaving && book_.idle(id))))
      dismiss(id);
    if (book_.finished())
      finish();
    else
      feed_from(id + 1);
  }

  void settle(std::uint32_t id, const measured& x) {
    const error_kind& kind = kind_named(x.reason);
    if (!x.reason.empty() && kind.retry && book_.retry(x.task))
      return;
    const bool exhausted = !x.reason.empty() && kind.retry; // settled by its last attempt
    if (!book_.settle(x.task) && !exhausted) {
      ++notes_.late;
      return;
    }
    if (!x.reason.empty())
      return give_up(x.task, kind.code, x.sentence);
    if (!x.sentence.empty())
      warnings_.push_back({x.task, x.sentence});
    totals_ += x.notes;
    ++notes_.tracks_per_line[id];
    ++seen_.done;
    seen_.audio_microseconds += x.notes.audio_microseconds;
  }

  void give_up(std::uint32_t task, errc reason, const std::string& sentence) {
    if (work_.clerk)
      self_->send(work_.clerk, atom::failed_v, task, std::string(kind_of(reason).name), sentence);
    failures_.push_back({task, reason, sentence});
    ++seen_.failed;
  }

  /// The line worked its tracks off one after the other, and has just finished:
  /// the leader's clock and the durations give spans that need no common clock.
  void note_times(std::uint32_t id, const receipt& x, std::uint64_t at) {
    std::uint64_t busy = 0;
    for (const measured& each : x.tasks)
      busy += each.notes.busy_microseconds;
    std::uint64_t start = std::max(lines_[id].free_since, at > busy ? at - busy : 0);
    for (const measured& each : x.tasks) {
      const std::uint64_t took = std::min(each.notes.busy_microseconds, at - std::min(start, at));
      const span one{id, lines_[id].process, each.task, start, took};
      if (notes_.spans.size() < most_spans)
        notes_.spans.push_back(one);
      if (work_.watched && unshown_.size() < most_unshown)
        unshown_.push_back(one);
      start += took;
    }
    lines_[id].free_since = at;
  }

  caf::error refuse(const std::string& who, const std::string& why) {
    ++notes_.unfit;
    remark(who + " is refused: " + why);
    return to_caf(errc::mismatch, why);
  }

  void tell(const std::string& sentence) { self_->send(work_.owner, atom::remark_v, sentence); }

  /// To the user, and into the report.
  void remark(const std::string& text) {
    if (notes_.dropped.size() == most_dropped)
      return;
    notes_.dropped.push_back(text);
    tell(text);
  }

  /// A worker that comes back was not killed by what it held. Its old link may not have been missed yet.
  void welcome(const hello& from) {
    if (from.comebacks == 0)
      return;
    ++notes_.rejoined;
    tell(name_of(from) + " is back");
    const auto same = [&](const line_entry& x) { return x.identity == from.identity; };
    lose(lines_.alive_where(same), standing::gone);
    acquit_if(same);
  }

  template <class Predicate>
  void acquit_if(Predicate which) {
    for (const auto id : lines_.where([&](const line_entry& x) { return x.state == standing::gone && which(x); })) {
      lines_[id].state = standing::acquitted;
      ++notes_.silent;
      book_.acquit(id);
    }
  }

  /// What one of its lines does wrong, the others may too: the worker has to go.
  void expel(std::uint32_t id, const std::string& why) {
    if (!lines_.alive(id))
      return;
    const caf::node_id node = lines_[id].handle.node();
    expelled_.insert(node);
    remark(lines_[id].worker + " is dropped, its tracks are tried elsewhere: " + why);
    const auto all = lines_.alive_at(node);
    for (const auto each : all)
      self_->send_exit(lines_[each].handle, caf::exit_reason::kill);
    lose(all, standing::expelled);
  }

  /// The worker tells by the reason that it may come back.
  void end_overdue(std::uint32_t id) {
    const auto held = book_.held(id);
    if (lines_[id].process == 0 && !held.empty()) // it keeps its thread, and cannot be ended alone
      self_->send(work_.owner, atom::stuck_v, work_.what(held.front()));
    self_->send_exit(lines_[id].handle, caf::exit_reason::unreachable);
    lose({id}, standing::overdue);
  }

  void lose(const std::vector<std::uint32_t>& ids, standing why) {
    bool any = false;
    for (const std::uint32_t id : ids) {
      if (!lines_.alive(id))
        continue;
      if (!std::exchange(any, true) && lines_[id].process != 0 && why != standing::expelled)
        tell(
            lines_[id].worker + " is lost: " +
            (why == standing::overdue ? "a track took longer than dispatch.deadline_seconds" : "the link to it ended"));
      lines_[id].state = why;
      ++notes_.lines_lost;
      notes_.overdue += why == standing::overdue ? 1 : 0;
      for (const std::uint32_t task : book_.lost(id))
        give_up(task, errc::worker_lost, blame(task));
      if (lines_[id].process != 0)
        self_->send(work_.owner, atom::lost_v, lines_[id].process, why != standing::gone);
    }
    if (!any || finishing_)
      return;
    self_->send(work_.observer, seen_);
    book_.finished() ? finish() : feed_from(0);
  }

  void watch_for_workers() {
    if (const auto word = watch_.look(now(), lines_.any_alive() || halted_, book_.open()))
      tell(*word);
    if (!halted_ && watch_.gave_up()) {
      halted_ = true;
      withdraw(true);
    }
  }

  std::string blame(std::uint32_t task) const {
    return work_.what(task) + ": must not cost workers, but " + std::to_string(work_.limits.crashes) +
           " were lost while it was in their hands";
  }

  /// Where all is, for who watches: by the beat, so that it costs the same however fast tasks are.
  void show() {
    if (!work_.watched)
      return;
    auto x = std::make_shared<dispatch_status>();
    x->at_us = now();
    x->seen = seen_;
    x->retries = book_.retries();
    x->doubled = book_.doubled();
    x->lines = shown_lines(lines_, book_, notes_.tracks_per_line);
    x->spans = std::exchange(unshown_, {});
    x->failures.assign(failures_.begin() + static_cast<std::ptrdiff_t>(failures_shown_), failures_.end());
    failures_shown_ = failures_.size();
    self_->send(work_.observer, dispatch_status_ptr{std::move(x)});
  }

  void dismiss_all() {
    for (std::uint32_t id = 0; id < lines_.size(); ++id)
      if (lines_.alive(id))
        dismiss(id);
  }

  /// A line that has done all that it is to do.
  void dismiss(std::uint32_t id) {
    lines_[id].state = standing::over;
    self_->demonitor(lines_[id].handle.address());
    self_->send_exit(lines_[id].handle, caf::exit_reason::user_shutdown);
  }

  void withdraw(bool from_lines_too) {
    for (const std::uint32_t task : book_.withdraw(from_lines_too))
      withdrawn_.push_back(task);
    if (book_.finished())
      finish();
  }

  void finish() {
    if (std::exchange(finishing_, true))
      return;
    show();
    dismiss_all();
    dispatched result;
    result.failures = std::move(failures_);
    result.totals = totals_;
    result.notes = std::move(notes_);
    const auto by_task = [](const auto& a, const auto& b) { return a.task < b.task; };
    std::sort(result.failures.begin(), result.failures.end(), by_task);
    std::sort(withdrawn_.begin(), withdrawn_.end());
    result.withdrawn = std::move(withdrawn_);
    result.starved = watch_.gave_up();
    result.warnings = std::move(warnings_);
    std::sort(result.warnings.begin(), result.warnings.end(), by_task);
    result.notes.retries = book_.retries();
    result.notes.doubled = book_.doubled();
    std::sort(result.notes.isas.begin(), result.notes.isas.end());
    result.notes.waited_us = watch_.waited_us();
    done_.deliver(dispatched_ptr{std::make_shared<const dispatched>(std::move(result))});
  }

  coordinator_actor::pointer self_;
  coordination work_;
  std::string settings_digest_;
  ledger book_;
  roster lines_;
  std::set<caf::node_id> expelled_;
  std::vector<task_failure> failures_;
  std::size_t failures_shown_ = 0;
  std::vector<span> unshown_;
  std::vector<task_warning> warnings_;
  track_notes totals_;
  dispatch_notes notes_;
  progress seen_;
  std::vector<std::uint32_t> withdrawn_;
  lookout watch_;
  bool halted_ = false;
  bool finishing_ = false;
  stall_clock clock_{std::chrono::steady_clock::now()};
  caf::typed_response_promise<dispatched_ptr> done_;
};

} // namespace

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work) {
  auto all = std::make_shared<desk>(self, work);
  self->set_down_handler([all](const caf::down_msg& x) { all->down(x); });
  return {
      [all](atom::greet, std::uint32_t protocol, const std::string& build, const std::string& who) {
        return all->greet(protocol, build, who);
      },
      [all](atom::enlist, const line_actor& line, const hello& from) { return all->enlist(line, from); },
      [all](atom::leave, const line_actor& line, bool now) { all->leave(line, now); },
      [all](atom::run) { return all->run(); },
      [all](atom::tick) { all->tick(); },
      [all](atom::halt, bool now) { all->halt(now); },
      [all](atom::acquit, std::uint32_t process) { all->acquit(process); },
      [](atom::present) { return atom::present_v; },
  };
}

} // namespace fugato
