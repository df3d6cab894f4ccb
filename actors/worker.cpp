// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/nodes.hpp"
#include "actors/pipeline.hpp"
#include "actors/startable.hpp"
#include "actors/system_config.hpp"
#include "actors/work.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <array>
#include <chrono>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fugato {
namespace {

using clock = std::chrono::steady_clock;

/// How long the leader may take to answer.
constexpr std::chrono::seconds answer_limit{60};

struct instructions {
  briefing brief;
  sink_actor sink;
  switchboard_actor board;
};

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// What the leader says is the leader's; that it says nothing is CAF's.
error refusal(const caf::error& e) {
  const error told = from_caf(e);
  return told.code() == errc::internal
             ? error(errc::unreachable, "the leader must answer, but: " + std::string(told.what()))
             : told;
}

/// @throws error when the leader refuses.
instructions introduce(caf::scoped_actor& self, const leader_actor& leader) {
  instructions result;
  std::unique_ptr<error> problem;
  self->request(leader, answer_limit, atom::greet_v, claimed_protocol(protocol_version),
                claimed_build(build_identity()), "worker " + std::to_string(getpid()) + " on " + host_name())
      .receive(
          [&](briefing& brief, sink_actor& sink, switchboard_actor& board) {
            result = {std::move(brief), std::move(sink), std::move(board)};
          },
          [&](const caf::error& e) { problem = std::make_unique<error>(refusal(e)); });
  if (problem)
    throw *problem;
  return result;
}

/// @throws error when the leader refuses the line.
void enlist(caf::scoped_actor& self, const leader_actor& leader, const line_actor& one, const hello& me) {
  std::unique_ptr<error> problem;
  self->request(leader, answer_limit, atom::enlist_v, one, me)
      .receive([](bool) {}, [&](const caf::error& e) { problem = std::make_unique<error>(refusal(e)); });
  if (problem)
    throw *problem;
}

/// The time that a worker spends with its leader.
class stay {
public:
  stay(caf::scoped_actor& self, leader_actor leader, const worker_options& options)
      : self_(self), leader_(std::move(leader)), options_(options) {
    self_->monitor(leader_);
  }
  ~stay() {
    for (const line_actor& one : lines_)
      self_->send_exit(one, caf::exit_reason::kill);
  }
  stay(const stay&) = delete;
  stay& operator=(const stay&) = delete;

  void add(const line_actor& one) {
    lines_.push_back(one);
    self_->monitor(one);
    ++open_;
  }

  parting last() {
    while (open_ > 0 && !orphaned_ && !overstayed_) {
      listen(std::chrono::milliseconds(100));
      look();
    }
    // the news that the leader has gone overtakes that it has dismissed the lines
    const auto limit = clock::now() + std::chrono::seconds(1);
    while (orphaned_ && open_ > 0 && clock::now() < limit)
      listen(std::chrono::milliseconds(10));
    if (dropped_)
      throw error(errc::worker_lost, "a worker must answer with results that can be, but the leader has dropped this "
                                     "one; its report says why");
    if (asked_)
      return parting::left;
    return open_ == 0 && !spoilt_ ? parting::dismissed : parting::lost;
  }

private:
  void listen(std::chrono::milliseconds most) {
    self_->receive(
        [&](const caf::down_msg& x) {
          if (x.source == leader_.address()) {
            orphaned_ = true;
            return;
          }
          --open_;
          dropped_ = dropped_ || x.reason == caf::exit_reason::kill;
          if (x.reason != caf::exit_reason::user_shutdown)
            spoil();
        },
        caf::after(most) >> [] {});
  }

  /// A line that was ended in the midst of its work keeps a thread: the others finish, and all begin afresh.
  void spoil() {
    if (!std::exchange(spoilt_, true))
      tell(false);
  }

  void look() {
    if (!asked_ && options_.leave && options_.leave()) {
      asked_ = true;
      since_ = clock::now();
      tell(false);
    }
    const double elapsed = asked_ ? std::chrono::duration<double>(clock::now() - since_).count() : 0;
    if (elapsed > options_.grace_seconds && !std::exchange(urged_, true))
      tell(true);
    overstayed_ = elapsed > options_.grace_seconds + 2; // the leader does not answer
  }

  void tell(bool now) {
    for (const line_actor& one : lines_)
      self_->send(leader_, atom::leave_v, one, now);
  }

  caf::scoped_actor& self_;
  leader_actor leader_;
  const worker_options& options_;
  std::vector<line_actor> lines_;
  std::size_t open_ = 0;
  clock::time_point since_;
  bool orphaned_ = false;
  bool spoilt_ = false;
  bool dropped_ = false;
  bool asked_ = false;
  bool urged_ = false;
  bool overstayed_ = false;
};

} // namespace

parting work_for_leader(const worker_options& options) {
  keep_freed_memory(options.lines);
  // one thread more than lines: the link to the leader is served while they work
  system_config config{startable(options.lines + std::size_t{1}, "--lines"), true, options.silence_seconds};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const leader_actor leader = attach(system, options.descriptor);
  instructions told = introduce(self, leader);
  told.brief.cache = options.cache; // the leader may be another machine, and does not say where files go on this one
  const work& what = works().at(told.brief.work);
  const prepared_work prepared = what.prepare(told.brief, {options.root, options.isa, told.board});
  hello me{static_cast<std::uint32_t>(getpid()),
           process_cpu_nanoseconds(),
           claimed_settings(what.digest(told.brief.settings)),
           host_name(),
           options.identity,
           options.comebacks,
           prepared.isa};
  stay here{self, leader, options};
  for (std::uint32_t i = 0; i < options.lines; ++i) {
    const line_actor one = system.spawn(line, prepared.open, told.sink);
    here.add(one);
    enlist(self, leader, one, me);
    me.startup_nanoseconds = 0; // counted once
  }
  const parting how = here.last();
  if (options.over)
    options.over(how);
  return how;
}

} // namespace fugato
