// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/dispatch.hpp"

#include "actors/asking.hpp"
#include "actors/certificates.hpp"
#include "actors/stall_clock.hpp"
#include "actors/startable.hpp"
#include "config/shortage.hpp"
#include "config/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>
#include <vector>

namespace fugato {
namespace {

std::atomic<bool> any_left_behind = false;

std::uint64_t microseconds(double seconds) { return static_cast<std::uint64_t>(seconds * 1e6); }

patience patience_of(const dispatch_settings& x, bool lengthy) {
  return {x.attempts, x.crashes, lengthy ? 0 : microseconds(x.deadline_seconds), microseconds(x.straggler_seconds)};
}

feeding feeding_of(const policy& how, const dispatch_settings& settings, const assignment& work) {
  feeding feed = how.feed(settings, work.tasks);
  if (work.courier || work.lengthy)
    feed.batch = 1; // files are large: a lease each, so that few are in memory at once
  if (work.lengthy)
    feed.credit = 1; // what waited at a busy line, an idle one could do, and it would be begun after the wish to stop
  return feed;
}

/// Passes on the wish to stop: first nothing new, after a while nothing at all.
class brake {
public:
  brake(const office& where, caf::scoped_actor& self, const coordinator_actor& boss, const assignment& work)
      : where_(where), self_(self), boss_(boss), work_(work) {}

  bool pulled() const { return pulled_ > 0; }

  void look() {
    const auto now = std::chrono::steady_clock::now();
    if (pulled_ == 0 && work_.stop && work_.stop()) {
      self_->send(boss_, atom::halt_v, false);
      since_ = now;
      pulled_ = 1;
    } else if (pulled_ == 1 && now - since_ > work_.grace) {
      if (!where_.how.networked && work_.give_up)
        end_unfinished();
      self_->send(boss_, atom::halt_v, true);
      pulled_ = 2;
    }
  }

private:
  void end_unfinished() const {
    where_.announce(fmt::format("what is in hand must end within {} s, but goes on and cannot be ended alone in this "
                                "process: the program ends",
                                work_.grace.count()));
    work_.give_up();
  }

  const office& where_;
  caf::scoped_actor& self_;
  const coordinator_actor& boss_;
  const assignment& work_;
  std::chrono::steady_clock::time_point since_;
  int pulled_ = 0;
};

/// A line of this process does not come to an end, and its thread cannot be ended without the program.
/// What was measured is in the journal, which blames the track when the run is resumed, as for a crash.
[[noreturn]] void end_stuck(const office& where, const std::string& task) {
  end_at_once(fmt::format("{}: must take at most dispatch.deadline_seconds = {} s, but goes on and cannot be ended "
                          "alone in this process: the program ends (policy processes would go on)",
                          task, where.settings.deadline_seconds),
              kind_of(errc::no_workers).exit_code);
}

/// Lines that live here have all the threads, so that when each is stuck in a track the coordinator does not get one to
/// find that out. Asks it from time to time whether it does.
class pulse {
public:
  /// @param most_tasks that a line may do one after the other before others get its thread
  pulse(const office& where, caf::scoped_actor& self, const coordinator_actor& boss, const assignment& work,
        std::uint32_t most_tasks)
      : self_(self), boss_(boss) {
    if (!where.how.networked && !work.lengthy)
      limit_ = microseconds(where.settings.deadline_seconds * most_tasks);
  }

  /// Whether all threads have been stuck for too long.
  bool stopped() {
    constexpr std::uint64_t second = 1'000'000;
    const std::uint64_t now = clock_.read();
    if (limit_ == 0 || now - asked_ < second)
      return false;
    if (!answered_)
      return now - asked_ > limit_;
    self_->send(boss_, atom::present_v);
    answered_ = false;
    asked_ = now;
    return false;
  }

  void answer() { answered_ = true; }

private:
  caf::scoped_actor& self_;
  const coordinator_actor& boss_;
  stall_clock clock_{std::chrono::steady_clock::now()};
  std::uint64_t limit_ = 0;
  std::uint64_t asked_ = 0;
  bool answered_ = true;
};

/// How often it is looked for the wish to stop and for processes to be replaced. Each look wakes a core: at 10 ms they
/// cost 0.3 % of one.
constexpr std::chrono::milliseconds look_again{25};

/// Waits for the coordinator's answer, and lets the placement replace what is lost meanwhile.
dispatched_ptr await(const office& where, caf::scoped_actor& self, const coordinator_actor& boss, placement& fleet,
                     const assignment& work, const feeding& feed) {
  dispatched_ptr result;
  std::unique_ptr<error> problem;
  brake halting{where, self, boss, work};
  pulse beating{where, self, boss, work, feed.batch * feed.credit};
  const auto stuck = [&](const std::string& task) {
    if (halting.pulled() && work.give_up)
      work.give_up();
    end_stuck(where, task);
  };
  self->send(boss, atom::run_v);
  while (!result && !problem) {
    self->receive([&](const dispatched_ptr& x) { result = x; },
                  [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); },
                  [&](atom::lost, std::uint32_t process, bool ended) {
                    if (!ended && fleet.lives(process))
                      self->send(boss, atom::acquit_v, process);
                    fleet.end(process);
                  },
                  [&](atom::remark, const std::string& sentence) { where.announce(sentence); },
                  [&](atom::stuck, const std::string& task) { stuck(task); }, [&](atom::present) { beating.answer(); },
                  caf::after(look_again) >>
                      [&] {
                        if (!halting.pulled()) // else those that end need no replacement
                          fleet.tend();
                      });
    halting.look();
    if (beating.stopped())
      stuck("a track");
  }
  if (problem)
    throw *problem;
  return result;
}

/// One thread a line that lives here; one for coordinator and aggregator where none does.
std::size_t threads_of(const policy& how, const dispatch_settings& settings) {
  keep_freed_memory(core_budget(settings)); // before the first thread
  return startable(how.networked ? 1 : how.lines(settings, 0), "/dispatch/workers");
}

} // namespace

office::office(const dispatch_settings& dispatch, std::function<void(const std::string&)> tell)
    : office(dispatch, std::move(tell), policies().at(dispatch.policy)) {
  if (dispatch.dashboard.empty())
    return;
  watch = std::make_shared<run_watch>();
  showing = std::make_unique<const dashboard>(dispatch.dashboard, watch);
  announce("live view: " + showing->url() +
           (showing->open_to_others() ? " (other machines may look, without a password)" : ""));
}

office::office(const dispatch_settings& dispatch, std::function<void(const std::string&)> tell, const policy& by)
    : settings(dispatch),
      announce(std::move(tell)),
      how(by),
      system(std::make_unique<acting>(threads_of(how, dispatch), how.networked, dispatch.silence_seconds)),
      actors(system->actors),
      own_threads_(actors.detached_actors()) {
  if (how.relative && !dispatch.listen.empty() && !dispatch.identity.empty())
    read_leader_identity(dispatch.identity); // what is wrong with it is told before any work
}

/// CAF's broker is told of the end of each actor that other nodes know. What reaches it when it is ending
/// itself is never freed, and CAF then waits for ever for the thread of the actor that it came from.
office::~office() {
  if (watch)
    watch->end(true);
  showing.reset();
  while (actors.detached_actors() > own_threads_)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (!comes_to_rest()) {
    any_left_behind = true;
    static_cast<void>(system.release()); // CAF would wait for ever
  }
}

/// Lines of other processes are gone by now. One that lives here may be in the midst of a track when the result is
/// there (another was faster) or an error ends all.
bool office::comes_to_rest() const {
  const auto limit = std::chrono::steady_clock::now() + assignment{}.grace;
  while (!how.networked && actors.registry().running() > 0 && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return how.networked || actors.registry().running() == 0;
}

bool office::left_lines() { return any_left_behind; }

shown_phase::shown_phase(const office& where, run_phase phase) : watch_(where.watch) {
  if (watch_)
    watch_->begin(std::move(phase));
}

shown_phase::~shown_phase() {
  if (watch_)
    watch_->end(false);
}

dispatched carry_out(office& where, caf::scoped_actor& self, const assignment& work, const progress_callback& tell) {
  const policy& how = where.how;
  const dispatch_settings& dispatch = where.settings;
  const shown_phase phase{where, work.shown};
  const auto show = [watch = where.watch](const dispatch_status& x) {
    if (watch)
      watch->update(x);
  };
  const lifetime watcher{self, with_thread([&] { return where.actors.spawn<caf::detached>(viewer, tell, show); })};
  const auto fleet = how.place();
  const feeding feed = feeding_of(how, dispatch, work);
  const std::uint32_t lines = how.lines(dispatch, work.tasks);
  const sink_actor sink = work.sink;
  const lifetime examiner{self, where.actors.spawn(inspector, work.check, sink)};
  const inspector_actor before_sink = how.networked ? *examiner : inspector_actor{};
  const lifetime boss{
      self, where.actors.spawn(coordinator, coordination{work.tasks, work.what, work.brief, fleet->at_first(lines),
                                                         work.muster, feed, patience_of(dispatch, work.lengthy),
                                                         microseconds(dispatch.no_worker_seconds), work.sink,
                                                         before_sink, work.clerk, work.mark, work.done, work.crashes,
                                                         work.courier, work.board, *watcher, where.watch != nullptr,
                                                         caf::actor_cast<owner_actor>(self.ptr())})};
  fleet->deploy({where.actors, work.brief, dispatch, lines, *boss, work.sink, work.base.empty() ? "/" : work.base,
                 std::uint64_t{20} + std::uint64_t{dispatch.crashes} * work.tasks, where.announce});
  dispatched result = *await(where, self, *boss, *fleet, work, feed);
  const process_costs spent = fleet->stop();
  result.notes.worker_cpu_ns = spent.cpu_ns - std::min(spent.cpu_ns, result.notes.startup_cpu_ns);
  result.notes.worker_rss_bytes = spent.rss_bytes;
  result.notes.refused = spent.refused;
  if (result.starved && !work.resumable) // nothing keeps what was done
    throw error(errc::no_workers, fmt::format("a worker must be there within dispatch.no_worker_seconds = {} s, but "
                                              "none came",
                                              dispatch.no_worker_seconds));
  return result;
}

} // namespace fugato
