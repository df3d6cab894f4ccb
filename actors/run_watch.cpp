// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_watch.hpp"

#include "config/printable.hpp"
#include "config/usage.hpp"
#include "config/version.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <unistd.h>

namespace fugato {
namespace {

/// Fields of /proc/PID/stat after the name in brackets, which may hold anything (proc(5); field 3 is the first).
std::istringstream stat_fields(const std::string& process) {
  std::ifstream in{"/proc/" + process + "/stat"};
  std::string line;
  std::getline(in, line);
  const auto bracket = line.rfind(')');
  return std::istringstream{bracket == std::string::npos ? "" : line.substr(bracket + 1)};
}

/// As the system knows it: words without the quotes that a shell had.
std::string own_command() {
  std::ifstream in{"/proc/self/cmdline", std::ios::binary};
  std::string result;
  for (std::string word; std::getline(in, word, '\0');) {
    if (!result.empty())
      result += ' ';
    result += printable(word);
  }
  return result;
}

std::uint64_t rss_in(std::istringstream& fields, int from) {
  static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::string skipped;
  for (int i = from; i < 24; ++i)
    fields >> skipped;
  std::uint64_t pages = 0;
  return fields >> pages ? pages * page : 0;
}

} // namespace

run_watch::run_watch() : command_(own_command()) {}

std::uint64_t own_rss_bytes() {
  auto fields = stat_fields("self");
  return rss_in(fields, 3);
}

std::uint64_t child_rss_bytes(std::uint32_t process) {
  auto fields = stat_fields(std::to_string(process));
  std::string state;
  pid_t parent = 0;
  return fields >> state >> parent && parent == getpid() ? rss_in(fields, 5) : 0;
}

double run_watch::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void run_watch::begin(run_phase phase) {
  const std::lock_guard lock{mutex_};
  history_.begin(now(), std::move(phase));
}

void run_watch::step(const progress& seen) {
  const std::lock_guard lock{mutex_};
  history_.step(now(), seen);
}

void run_watch::update(const dispatch_status& x) {
  const std::lock_guard lock{mutex_};
  history_.update(now(), x);
}

void run_watch::end(bool last) {
  const std::lock_guard lock{mutex_};
  history_.end(now(), last);
}

live_status run_watch::status(const run_history::cursor& seen) const {
  live_status x = [&] {
    const std::lock_guard lock{mutex_};
    return history_.status(now(), seen);
  }();
  x.command = command_;
  x.fugato = this_build().version;
  x.rss_bytes = own_rss_bytes();
  x.cpu_seconds = 1e-9 * static_cast<double>(process_cpu_nanoseconds());
  std::set<std::uint32_t> processes;
  for (const live_line& line : x.lines)
    if (line.process != 0 && line.state != "gone" && processes.insert(line.process).second)
      x.worker_rss_bytes += child_rss_bytes(line.process);
  return x;
}

} // namespace fugato
