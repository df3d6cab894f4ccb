// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/nodes.hpp"

#include "config/error.hpp"

#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>

// CAF's broker for remote actors takes a socket in place of an address; these two
// messages are internal to 0.17 and stand nowhere else.
namespace fugato {
namespace {

caf::actor broker(caf::actor_system& system) {
  return system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
}

caf::io::scribe_ptr scribe(caf::actor_system& system, int fd) { return system.middleman().backend().new_scribe(fd); }

/// The broker tells connections apart by what it takes for their ports.
std::uint16_t next_key() {
  static std::atomic<std::uint32_t> count{0};
  return static_cast<std::uint16_t>(1 + count++ % 65000);
}

} // namespace

void serve(caf::actor_system& system, int fd, const leader_actor& leader) {
  caf::anon_send(broker(system), caf::publish_atom_v, scribe(system, fd), next_key(),
                 caf::actor_cast<caf::strong_actor_ptr>(leader), std::set<std::string>{});
}

leader_actor attach(caf::actor_system& system, int fd) {
  caf::scoped_actor self{system};
  leader_actor result;
  std::string problem = "the leader must be there, but it is not";
  self->request(broker(system), std::chrono::seconds(10), caf::connect_atom_v, scribe(system, fd), std::uint16_t{1})
      .receive([&](caf::node_id&, caf::strong_actor_ptr& found,
                   std::set<std::string>&) { result = caf::actor_cast<leader_actor>(found); },
               [&](const caf::error& e) { problem = "the leader must answer, but: " + system.render(e); });
  if (!result)
    throw error(errc::unreachable, problem);
  return result;
}

} // namespace fugato
