// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/nodes.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "actors/work.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <array>
#include <unistd.h>

namespace fugato {
namespace {

struct instructions {
  briefing brief;
  sink_actor sink;
};

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// @throws error when the leader refuses.
instructions introduce(caf::scoped_actor& self, const leader_actor& leader, const hello& me) {
  instructions result;
  std::unique_ptr<error> problem;
  self->request(leader, std::chrono::seconds(60), me)
      .receive(
          [&](briefing& brief, sink_actor& sink) {
            result = {std::move(brief), std::move(sink)};
          },
          [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); });
  if (problem)
    throw *problem;
  return result;
}

/// @throws error when the leader refuses the line.
void enlist(caf::scoped_actor& self, const leader_actor& leader, const line_actor& one, const hello& me) {
  std::unique_ptr<error> problem;
  self->request(leader, std::chrono::seconds(60), atom::enlist_v, one, me)
      .receive([](bool) {}, [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); });
  if (problem)
    throw *problem;
}

/// Lines end when this does, however that comes: CAF waits for ever for actors that live.
struct running_lines {
  explicit running_lines(caf::scoped_actor& by) : self(by) {}
  ~running_lines() {
    for (const line_actor& one : all)
      self->send_exit(one, caf::exit_reason::kill);
  }
  running_lines(const running_lines&) = delete;
  running_lines& operator=(const running_lines&) = delete;

  caf::scoped_actor& self;
  std::vector<line_actor> all;
};

} // namespace

void work_for_leader(const worker_options& options) {
  keep_freed_memory();
  // one thread more than lines: the link to the leader is served while they work
  system_config config{options.lines + 1, true, options.silence_seconds};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const leader_actor leader = attach(system, options.descriptor);
  hello me{protocol_version, build_identity(), static_cast<std::uint32_t>(getpid()), 0, "", host_name()};
  simulate_fault(me);
  const instructions told = introduce(self, leader, me);
  const work& what = works().at(told.brief.work);
  const first_stage open_stages = what.prepare(told.brief, options.root);
  me.settings = what.digest(told.brief.settings);
  simulate_fault(me);
  self->monitor(leader);
  me.startup_nanoseconds = process_cpu_nanoseconds();
  running_lines lines{self};
  for (std::uint32_t i = 0; i < options.lines; ++i) {
    lines.all.push_back(system.spawn(line, open_stages, told.sink));
    self->monitor(lines.all.back());
    enlist(self, leader, lines.all.back(), me);
    me.startup_nanoseconds = 0; // counted once
  }
  std::size_t open = lines.all.size();
  bool orphaned = false;
  bool dropped = false;
  while (open > 0 && !orphaned)
    self->receive([&](const caf::down_msg& x) {
      orphaned = x.source == leader.address();
      dropped = dropped || x.reason == caf::exit_reason::kill;
      --open;
    });
  if (dropped)
    throw error(errc::worker_lost, "a worker must answer in time and with results that can be, but the leader has "
                                   "dropped this one; its report says why");
}

} // namespace fugato
