// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/guard.hpp"
#include "actors/nodes.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "actors/work.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <unistd.h>

namespace fugato {
namespace {

struct instructions {
  briefing brief;
  sink_actor sink;
};

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

} // namespace

void work_for_leader(const worker_options& options) {
  keep_freed_memory();
  // one thread more than lines: the link to the leader is served while they work
  system_config config{options.lines + 1, true, options.silence_seconds};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const leader_actor leader = attach(system, options.descriptor);
  hello me{protocol_version, build_identity(), static_cast<std::uint32_t>(getpid()), 0, ""};
  instructions told = introduce(self, leader, me);
  if (!options.root.empty())
    told.brief.cache = options.cache; // the leader may be another machine, and does not say where files go on this one
  const work& what = works().at(told.brief.work);
  const first_stage open_stages = what.prepare(told.brief, options.root);
  me.settings = what.digest(told.brief.settings);
  self->monitor(leader);
  me.startup_nanoseconds = process_cpu_nanoseconds();
  std::vector<line_actor> lines;
  for (std::uint32_t i = 0; i < options.lines; ++i) {
    lines.push_back(system.spawn(line, open_stages, told.sink));
    self->monitor(lines.back());
    enlist(self, leader, lines.back(), me);
    me.startup_nanoseconds = 0; // counted once
  }
  std::size_t open = lines.size();
  bool orphaned = false;
  while (open > 0 && !orphaned)
    self->receive([&](const caf::down_msg& x) {
      orphaned = x.source == leader.address();
      --open;
    });
  for (const line_actor& one : lines)
    self->send_exit(one, caf::exit_reason::kill);
}

} // namespace fugato
