// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"

#include <caf/io/all.hpp>

#include <algorithm>
#include <chrono>

namespace fugato {

/// CAF set from our settings alone: its own parser would read
/// ./caf-application.ini behind the user's back.
struct system_config : caf::actor_system_config {
  /// Between heartbeats.
  static constexpr std::chrono::milliseconds longest_pause{500};

  /// @param networked with a middleman, which notices a peer that is silent for
  ///        `silence_seconds`; without heartbeats on both sides CAF never would
  system_config(std::size_t threads, bool networked, double silence_seconds) {
    add_message_types<caf::id_block::fugato>();
    set("scheduler.max-threads", threads);
    // CAF's threads that steal from each other spin while they have nothing: 64 idle
    // worker processes took eight times the CPU
    set("scheduler.policy", caf::atom("sharing"));
    set("logger.console", caf::atom("none"));
    if (!networked)
      return;
    load<caf::io::middleman>();
    set("middleman.workers", std::size_t{1});
    const auto silence = std::chrono::duration_cast<caf::timespan>(std::chrono::duration<double>(silence_seconds));
    // the peer may be less patient
    set("middleman.heartbeat-interval", std::min(caf::timespan{silence / 5}, caf::timespan{longest_pause}));
    set("middleman.connection-timeout", silence);
  }
};

} // namespace fugato
