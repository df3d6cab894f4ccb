// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace fugato {

/// How a worker and its leader parted.
enum class parting {
  dismissed, ///< the leader has no more use for the lines
  left,      ///< the worker was asked to leave, and has
  lost,      ///< the leader is gone, or has ended a line that took too long: another process may come back
};

/// What a worker process is told when it is started.
struct worker_options {
  int descriptor = -1;     ///< a stream socket to the leader
  std::uint32_t lines = 1; ///< to run
  double silence_seconds = 10;
  std::string root;            ///< tracks' paths count from there and must stay beneath; empty: no limit
  std::string cache{};         ///< folder of a feature cache on this machine; empty: none
  std::string isa{};           ///< instruction set to compute by; empty: what the run or the processor says
  std::uint64_t identity = 0;  ///< see hello
  std::uint32_t comebacks = 0; ///< the same

  /// Asked from time to time: whether to leave. What the lines hold is finished first, but given back
  /// after `grace_seconds`. May be empty.
  std::function<bool()> leave;
  double grace_seconds = 10;

  /// Called when it is over, before what still runs is waited for, which may be for ever. May be empty.
  std::function<void(parting)> over;
};

/// Works for the leader until they part.
/// @throws error(settings) when the run's settings cannot be honoured on this machine;
///         error(mismatch) when the leader refuses; error(unreachable) when it does not answer;
///         error(worker_lost) when it has dropped this worker for nonsense
parting work_for_leader(const worker_options& options);

} // namespace fugato
