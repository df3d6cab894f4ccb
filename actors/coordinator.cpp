// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/ledger.hpp"
#include "actors/pipeline.hpp"
#include "actors/work.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <algorithm>
#include <chrono>

namespace fugato {
namespace {

/// How often deadlines and stragglers are looked for.
constexpr std::chrono::milliseconds beat{200};

/// What a message weighs when it leaves the process, its frame and shipped files left out.
std::uint64_t payload(const parcel& x) {
  std::uint64_t bytes = sizeof x.lease;
  for (const task& t : x.tasks)
    bytes += sizeof t.id + t.what.size();
  return bytes;
}

/// The shell around the ledger: turns its decisions into requests.
class desk : public std::enable_shared_from_this<desk> {
public:
  desk(coordinator_actor::pointer self, const coordination& work)
      : self_(self),
        work_(work),
        settings_digest_(works().at(work.brief.work).digest(work.brief.settings)),
        book_(work.tasks, work.how, work.limits) {
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

  caf::result<briefing, sink_actor> greet(const hello& x) {
    if (x.protocol != protocol_version || x.build != build_identity())
      return to_caf(errc::usage, "worker and leader must be the same build, but the worker is " + x.build +
                                     " (protocol " + std::to_string(x.protocol) + ") and the leader " +
                                     build_identity() + " (protocol " + std::to_string(protocol_version) + ")");
    return {work_.brief, work_.sink};
  }

  caf::result<bool> enlist(const line_actor& line, const hello& from) {
    if (from.settings != settings_digest_)
      return to_caf(errc::usage,
                    "worker and leader must work with the same settings, but the worker's have the SHA-256 " +
                        from.settings + " and the leader's " + settings_digest_);
    const std::uint32_t id = book_.join();
    lines_.push_back({line, from.process});
    self_->monitor(line);
    notes_.tracks_per_line.push_back(0);
    notes_.startup_cpu_ns += from.startup_nanoseconds;
    if (lines_.size() == work_.lines_wanted) {
      notes_.startup_us = now();
      notes_.startup_leader_cpu_ns = process_cpu_nanoseconds();
    }
    feed_from(id);
    return true;
  }

  void down(const caf::down_msg& x) {
    for (std::uint32_t id = 0; id < lines_.size(); ++id)
      if (lines_[id].alive && lines_[id].handle.address() == x.source)
        lose(id);
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
    for (const std::uint32_t id : book_.overdue(now())) {
      self_->send_exit(lines_[id].handle, caf::exit_reason::kill);
      lose(id);
    }
    feed_from(0);
    self_->delayed_send(self_, beat, atom::tick_v);
  }

private:
  struct line_entry {
    line_actor handle;
    std::uint32_t process = 0; ///< 0: this one
    std::uint64_t free_since = 0;
    bool alive = true;
  };

  std::uint64_t now() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start_).count());
  }

  /// Offers work to all lines, this one first, until none takes any more.
  void feed_from(std::uint32_t first) {
    if (!done_.pending()) // nobody has asked yet: what would be the answer's fate if all were done at once?
      return;
    if (halted_)
      return withdraw(false);
    const auto count = static_cast<std::uint32_t>(lines_.size());
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
    if (work_.clerk)
      self_->send(work_.clerk, atom::started_v, lease->tasks);
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

  /// A line that is gone is one thing; results that cannot be kept end the run.
  void unanswered(std::uint32_t id, const caf::error& e) {
    if (from_caf(e).code() != errc::output)
      return lose(id);
    if (std::exchange(finishing_, true))
      return;
    dismiss_all();
    done_.deliver(e);
  }

  void arrived(std::uint32_t id, const receipt& x) {
    const std::uint64_t at = now();
    book_.close(x.lease, at);
    note_times(id, x, at);
    for (const measured& each : x.tasks)
      settle(id, each);
    notes_.messages += 2; // rows to the aggregator, the receipt from it
    notes_.wire_bytes += lines_[id].process == 0 ? 0 : x.bytes;
    self_->send(work_.observer, seen_);
    if (book_.spent(id))
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
      if (notes_.spans.size() < most_spans)
        notes_.spans.push_back({id, lines_[id].process, each.task, start, took});
      start += took;
    }
    lines_[id].free_since = at;
  }

  void lose(std::uint32_t id) {
    if (!lines_[id].alive)
      return;
    lines_[id].alive = false;
    ++notes_.lines_lost;
    if (lines_[id].process != 0)
      self_->send(work_.owner, atom::lost_v, lines_[id].process);
    for (const std::uint32_t task : book_.lost(id))
      give_up(task, errc::worker_lost, blame(task));
    self_->send(work_.observer, seen_);
    if (book_.finished())
      finish();
    else
      feed_from(0);
  }

  std::string blame(std::uint32_t task) const {
    return work_.what(task) + ": must not cost workers, but " + std::to_string(work_.limits.crashes) +
           " were lost while it was in their hands";
  }

  void dismiss_all() {
    for (std::uint32_t id = 0; id < lines_.size(); ++id)
      if (lines_[id].alive)
        dismiss(id);
  }

  /// A line that has done its only work.
  void dismiss(std::uint32_t id) {
    lines_[id].alive = false;
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
    dismiss_all();
    dispatched result{std::move(failures_), {}, {}, totals_, std::move(notes_)};
    std::sort(result.failures.begin(), result.failures.end(),
              [](const task_failure& a, const task_failure& b) { return a.task < b.task; });
    std::sort(withdrawn_.begin(), withdrawn_.end());
    result.withdrawn = std::move(withdrawn_);
    result.warnings = std::move(warnings_);
    std::sort(result.warnings.begin(), result.warnings.end(),
              [](const task_warning& a, const task_warning& b) { return a.task < b.task; });
    result.notes.retries = book_.retries();
    result.notes.doubled = book_.doubled();
    done_.deliver(dispatched_ptr{std::make_shared<const dispatched>(std::move(result))});
  }

  coordinator_actor::pointer self_;
  coordination work_;
  std::string settings_digest_;
  ledger book_;
  std::vector<line_entry> lines_;
  std::vector<task_failure> failures_;
  std::vector<task_warning> warnings_;
  track_notes totals_;
  dispatch_notes notes_;
  progress seen_;
  std::vector<std::uint32_t> withdrawn_;
  bool halted_ = false;
  bool finishing_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  caf::typed_response_promise<dispatched_ptr> done_;
};

} // namespace

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work) {
  auto all = std::make_shared<desk>(self, work);
  self->set_down_handler([all](const caf::down_msg& x) { all->down(x); });
  return {
      [all](const hello& x) { return all->greet(x); },
      [all](atom::enlist, const line_actor& line, const hello& from) { return all->enlist(line, from); },
      [all](atom::run) { return all->run(); },
      [all](atom::tick) { all->tick(); },
      [all](atom::halt, bool now) { all->halt(now); },
  };
}

observer_actor::behavior_type observer(observer_actor::pointer, std::function<void(const progress&)> tell) {
  return {
      [tell = std::move(tell)](const progress& x) { tell(x); },
  };
}

} // namespace fugato
