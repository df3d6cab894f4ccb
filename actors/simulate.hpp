// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"

#include <cstdint>

/// What handing out costs when the work itself costs nothing.
namespace fugato {

struct simulation {
  std::uint32_t tasks = 0;
  std::string policy;
  std::uint32_t lines = 0;
  std::uint32_t batch = 0;
  double wall_seconds = 0;       ///< from the first line to the last result, start-up left out
  double startup_seconds = 0;    ///< until every line had enlisted
  double leader_cpu_seconds = 0; ///< user + system, start-up left out
  double worker_cpu_seconds = 0; ///< of all worker processes, start-up left out
  std::uint64_t leader_rss_bytes = 0;
  std::uint64_t messages = 0;
  std::uint64_t wire_bytes = 0;
};

void describe(visitor& v, simulation& x);

/// Hands out so many tasks that are done at once, through the very coordinator,
/// ledger, messages and placements of an extraction.
/// @throws error as session does; internal when a task did not come back
simulation simulate(
    const dispatch_settings& settings, std::uint32_t tasks, const progress_callback& tell = [](const progress&) {});

} // namespace fugato
