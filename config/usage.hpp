// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fugato {

/// CPU time of the calling thread [ns].
std::uint64_t thread_cpu_nanoseconds();

/// CPU time of the process so far, user and system [ns].
std::uint64_t process_cpu_nanoseconds();

/// What a stretch of work cost.
struct cost {
  double wall_seconds = 0;
  double cpu_seconds = 0; ///< user + system, all threads of the process
};

void describe(visitor& v, cost& x);

/// Measures from its making.
class stopwatch {
public:
  stopwatch();
  cost elapsed() const;

private:
  std::int64_t wall_;
  double cpu_;
};

/// Lets the allocator keep what it frees, up to 256 MB a pool. Else each track's buffers
/// go back to the system and come again page by page: 70 page faults a track, 3 % of the CPU.
/// @param pools that threads share: as many as work at the same time. Else each thread takes one that may be new, and
///        what the thread of a former run has left in its own is not used again. Counts before a second thread
///        allocates.
void keep_freed_memory(std::size_t pools);

/// Gives what the allocator keeps back to the system: after work that needed much for a short time.
void give_memory_back();

/// The most memory that the process held at once [bytes].
std::uint64_t peak_rss_bytes();

/// Runnable processes, averaged over 1, 5 and 15 minutes; zeros where unknown.
std::array<double, 3> load_average();

} // namespace fugato
