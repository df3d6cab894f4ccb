// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/usage.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <malloc.h>
#include <sys/resource.h>

namespace fugato {
namespace {

rusage own_usage() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

double process_cpu_seconds() {
  const rusage usage = own_usage();
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::int64_t wall_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

} // namespace

void describe(visitor& v, cost& x) {
  v("wall_seconds", x.wall_seconds, anything{}, "by the clock [s]");
  v("cpu_seconds", x.cpu_seconds, anything{}, "user and system [s]");
}

std::uint64_t thread_cpu_nanoseconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(t.tv_nsec);
}

std::uint64_t process_cpu_nanoseconds() { return static_cast<std::uint64_t>(process_cpu_seconds() * 1e9); }

stopwatch::stopwatch() : wall_(wall_nanoseconds()), cpu_(process_cpu_seconds()) {}

cost stopwatch::elapsed() const {
  return {1e-9 * static_cast<double>(wall_nanoseconds() - wall_), process_cpu_seconds() - cpu_};
}

void keep_freed_memory([[maybe_unused]] std::size_t pools) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, static_cast<int>(pools));
  mallopt(M_MMAP_THRESHOLD, 32 << 20); // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

void give_memory_back() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

std::uint64_t peak_rss_bytes() { return static_cast<std::uint64_t>(own_usage().ru_maxrss) * 1024; }

std::array<double, 3> load_average() {
  std::array<double, 3> result{};
  if (getloadavg(result.data(), 3) != 3)
    result = {};
  return result;
}

} // namespace fugato
