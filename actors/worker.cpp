// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/guard.hpp"
#include "actors/nodes.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "config/json.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <unistd.h>

namespace fugato {
namespace {

struct briefing {
  line_settings settings;
  sink_actor sink;
};

/// @throws error when the leader refuses.
briefing introduce(caf::scoped_actor& self, const leader_actor& leader, const hello& me) {
  std::string settings;
  briefing result;
  std::unique_ptr<error> problem;
  self->request(leader, std::chrono::seconds(10), me)
      .receive(
          [&](std::string& text, sink_actor& sink) {
            settings = std::move(text);
            result.sink = std::move(sink);
          },
          [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); });
  if (problem)
    throw *problem;
  read_json(settings, {"the leader's settings", ""}, description_of(result.settings));
  return result;
}

} // namespace

void work_for_leader(const worker_options& options) {
  // one thread more than lines: the link to the leader is served while they work
  system_config config{options.lines + 1, true, options.silence_seconds};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const leader_actor leader = attach(system, options.descriptor);
  hello me{protocol_version, build_identity(), static_cast<std::uint32_t>(getpid()), 0};
  const briefing told = introduce(self, leader, me);
  self->monitor(leader);
  me.startup_nanoseconds = process_cpu_nanoseconds();
  std::vector<line_actor> lines;
  for (std::uint32_t i = 0; i < options.lines; ++i) {
    lines.push_back(system.spawn(line, told.settings, options.root, told.sink));
    self->monitor(lines.back());
    self->send(leader, atom::enlist_v, lines.back(), me);
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
