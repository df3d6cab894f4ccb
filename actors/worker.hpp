// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace fugato {

/// What a worker process is told when it is started.
struct worker_options {
  int descriptor = -1;     ///< a stream socket to the leader
  std::uint32_t lines = 1; ///< to run
  double silence_seconds = 10;
  std::string root; ///< tracks' paths count from there and must stay beneath; empty: no limit
  std::string isa;  ///< instruction set to compute by; empty: what the run or the processor says
};

/// Works for the leader until it has no more use for the lines, or is gone.
/// @throws error when the leader does not answer or refuses, or its settings cannot be honoured on this machine.
void work_for_leader(const worker_options& options);

} // namespace fugato
