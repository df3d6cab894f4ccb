// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.hpp"

#include <chrono>
#include <sys/types.h>
#include <thread>

namespace fugato {

/// Looks at a process and its descendants every 50 ms, from a thread of its own.
class usage_sampler {
public:
  using clock = std::chrono::steady_clock;

  /// @param root the process
  /// @param start from when its time counts
  usage_sampler(pid_t root, clock::time_point start);

  /// Stops, and hands over at most 300 intervals; of longer runs, neighbours are merged.
  usage_samples finish();

private:
  void watch(const std::stop_token& stop, pid_t root, clock::time_point start);

  usage_samples samples_;
  std::jthread thread_;
};

/// `samples` with neighbours merged until there are at most `most` (>= 1): means of CPU, the highest memory.
usage_samples merged(const usage_samples& samples, std::size_t most);

} // namespace fugato
