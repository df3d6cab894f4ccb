// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace fugato {

/// What a placement starts, and for whom.
struct deployment {
  caf::actor_system& system;
  const briefing& brief;
  const dispatch_settings& dispatch;
  std::uint32_t lines;                              ///< in all
  leader_actor leader;                              ///< where lines enlist
  sink_actor sink;                                  ///< where their results go
  std::string base;                                 ///< folder from which the tracks' paths count; empty: as they are
  std::uint64_t most_deaths;                        ///< of workers, over what tracks may cost
  std::function<void(const std::string&)> announce; ///< tells the user
};

/// What started processes used up, known once they have ended.
struct process_costs {
  std::uint64_t cpu_ns = 0;
  std::uint64_t rss_bytes = 0; ///< peaks, summed
  std::uint64_t refused = 0;   ///< connections of those who could not show to be workers
};

/// Where the lines of a run live. A placement starts them; they enlist with the
/// leader, and from then on all look alike: a line's handle does not tell where
/// it runs. All calls come from one thread.
class placement {
public:
  virtual ~placement() = default;

  /// How many of so many lines it starts at first.
  virtual std::uint32_t at_first(std::uint32_t lines) const { return lines; }

  virtual void deploy(const deployment& what) = 0;

  /// Called again and again while the run goes on: replaces what was lost.
  /// @throws error(internal) when workers cannot be started at all.
  virtual void tend() {}

  /// Whether this process, whose link has ended, was started here and lives: it was stopped, or cut off.
  virtual bool lives(std::uint32_t /*process*/) const { return false; }

  /// The leader has given this process up; where the placement started it, it
  /// ends it, for it may be stopped or hang.
  virtual void end(std::uint32_t /*process*/) {}

  /// The run is over: waits until what it started is gone, and kills what stays.
  virtual process_costs stop() { return {}; }
};

/// Lines in this process.
std::unique_ptr<placement> place_here();

/// A line per child process of the same program, joined by a socketpair: no port
/// is opened. A child that ends before its time is replaced.
std::unique_ptr<placement> place_in_children();

/// Lines on worker nodes that join over TCP through a TLS gate, whenever they
/// come; where the settings name no address to listen at, on local ones that are
/// started here.
std::unique_ptr<placement> place_on_nodes();

} // namespace fugato
