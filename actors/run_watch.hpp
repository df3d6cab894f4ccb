// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/run_history.hpp"

#include <chrono>
#include <mutex>

namespace fugato {

/// A run_history with a clock, for several threads. When it has a reader is all the same to those who tell it.
class run_watch {
public:
  run_watch();
  void begin(run_phase phase);
  void step(const progress& seen);
  void update(const dispatch_status& x);
  void end(bool last);

  /// With memory and CPU of now.
  live_status status(const run_history::cursor& seen) const;

private:
  double now() const;

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const std::string command_;
  mutable std::mutex mutex_;
  run_history history_;
};

/// Memory that a process holds now; 0 when it is gone, or when it is no child of this one: a number that another
/// machine uses may be anybody's here.
std::uint64_t child_rss_bytes(std::uint32_t process);

/// The same of this process.
std::uint64_t own_rss_bytes();

} // namespace fugato
