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
  std::string root;    ///< tracks' paths count from there and must stay beneath; empty: no limit
  std::string cache{}; ///< with a root: folder of a feature cache on this machine; empty: none
};

/// Works for the leader until it has no more use for the lines, or is gone.
/// @throws error when the leader does not answer or refuses.
void work_for_leader(const worker_options& options);

} // namespace fugato
