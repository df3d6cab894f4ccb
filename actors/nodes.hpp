// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"

#include <cstdint>

/// Two actor systems joined by a stream socket that both already hold: a
/// socketpair, or the plain end of a TLS gate. No port of CAF's is ever opened.
namespace fugato {

/// Gives the leader to the peer at the other end of `fd`, which is owned from now on.
void serve(caf::actor_system& system, int fd, const leader_actor& leader);

/// The leader at the other end of `fd`, which is owned from now on.
/// @throws error(unreachable) when it does not answer within 10 s.
leader_actor attach(caf::actor_system& system, int fd);

} // namespace fugato
