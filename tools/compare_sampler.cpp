// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/compare_sampler.hpp"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace fugato {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct usage {
  double cpu_seconds = 0;
  double rss_bytes = 0;
};

/// Fields of /proc/PID/stat after the name in brackets, which may hold anything (proc(5); field 3 is the first).
std::istringstream stat_fields(const std::string& folder) {
  std::ifstream in{folder + "/stat"};
  std::string line;
  std::getline(in, line);
  const auto bracket = line.rfind(')');
  return std::istringstream{bracket == std::string::npos ? "" : line.substr(bracket + 1)};
}

/// CPU includes that of children which ended and were waited for, so that the sum over a family never falls.
usage usage_of(const std::string& folder) {
  static const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  static const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  auto fields = stat_fields(folder);
  std::string skipped;
  for (int i = 3; i < 14; ++i)
    fields >> skipped;
  usage result;
  for (int i = 14; i < 18; ++i) // utime, stime, cutime, cstime
    if (double x = 0; fields >> x)
      result.cpu_seconds += x / ticks;
  for (int i = 18; i < 24; ++i)
    fields >> skipped;
  if (double pages = 0; fields >> pages)
    result.rss_bytes = pages * page;
  return result;
}

void add_process(const std::string& folder, usage& sum) {
  const usage own = usage_of(folder);
  sum.cpu_seconds += own.cpu_seconds;
  sum.rss_bytes += own.rss_bytes;
}

/// @param folder of a thread: those of a process are listed in its folder `task`
std::vector<std::string> children_of(const std::string& folder) {
  std::ifstream in{folder + "/children"};
  return {std::istream_iterator<std::string>{in}, {}};
}

void add_descendants(const std::vector<std::string>& children, usage& sum) {
  for (const std::string& child : children) {
    const std::string folder = "/proc/" + child;
    add_process(folder, sum);
    // only of the first thread: looking at all threads of all workers would disturb the run
    add_descendants(children_of(folder + "/task/" + child), sum);
  }
}

usage usage_of_family(pid_t root) {
  const std::string folder = "/proc/" + std::to_string(root);
  usage sum;
  add_process(folder, sum);
  std::error_code gone; // a process may end while it is looked at
  for (fs::directory_iterator it{folder + "/task", gone}, end; !gone && it != end; it.increment(gone))
    add_descendants(children_of(it->path().string()), sum);
  return sum;
}

} // namespace

usage_sampler::usage_sampler(pid_t root, clock::time_point start)
    : thread_([this, root, start](const std::stop_token& stop) { watch(stop, root, start); }) {}

usage_samples usage_sampler::finish() {
  thread_.request_stop();
  thread_.join();
  return merged(samples_, 300);
}

void usage_sampler::watch(const std::stop_token& stop, pid_t root, clock::time_point start) {
  constexpr auto interval = 50ms;
  std::mutex mutex;
  std::condition_variable_any alarm;
  std::unique_lock lock{mutex};
  double last_time = 0;
  double last_cpu = 0;
  for (auto next = start + interval; !alarm.wait_until(lock, stop, next, [] { return false; }); next += interval) {
    if (stop.stop_requested())
      return;
    const usage sum = usage_of_family(root);
    const double now = std::chrono::duration<double>(clock::now() - start).count();
    if (sum.rss_bytes <= 0 || now <= last_time)
      continue;
    samples_.seconds.push_back(now);
    samples_.cores.push_back(std::max(0.0, sum.cpu_seconds - last_cpu) / (now - last_time));
    samples_.rss_bytes.push_back(sum.rss_bytes);
    last_time = now;
    last_cpu = std::max(last_cpu, sum.cpu_seconds);
  }
}

usage_samples merged(const usage_samples& samples, std::size_t most) {
  const std::size_t size = samples.seconds.size();
  const std::size_t group = (size + most - 1) / most;
  if (group <= 1)
    return samples;
  usage_samples result;
  double from = 0;
  for (std::size_t begin = 0; begin < size; begin += group) {
    const std::size_t end = std::min(size, begin + group);
    const double until = samples.seconds[end - 1];
    double cpu = 0;
    double rss = 0;
    for (std::size_t i = begin; i < end; ++i) {
      cpu += samples.cores[i] * (samples.seconds[i] - (i == 0 ? 0 : samples.seconds[i - 1]));
      rss = std::max(rss, samples.rss_bytes[i]);
    }
    result.seconds.push_back(until);
    result.cores.push_back(cpu / (until - from));
    result.rss_bytes.push_back(rss);
    from = until;
  }
  return result;
}

} // namespace fugato
