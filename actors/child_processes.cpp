// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/child_processes.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>

namespace fugato {
namespace {

/// Children in a row that may fail by themselves: then no track is to blame, but the program or the machine.
constexpr std::uint32_t most_failures = 20;

/// The kernel's word for a process on its way out: PF_EXITING of linux/sched.h, in /proc/PID/stat.
constexpr unsigned exiting = 4;

int leader_lost() { return kind_of(errc::unreachable).exit_code; }

} // namespace

bool is_ending(pid_t child) {
  siginfo_t ended{};
  if (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid != 0)
    return true;
  std::ifstream file("/proc/" + std::to_string(child) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream fields(
      text.substr(std::min(text.size(), text.rfind(')') + 1))); // behind the name, which may be odd
  std::string skipped;
  for (int i = 0; i < 6; ++i) // state, parent, group, session, terminal and its group
    fields >> skipped;
  unsigned flags = 0;
  fields >> flags;
  return (flags & exiting) != 0;
}

void child_processes::begin(std::uint32_t count, std::uint64_t deaths, std::function<pid_t()> start) {
  to_start_ = count;
  deaths_left_ = deaths;
  start_ = std::move(start);
  top_up();
}

void child_processes::tend() {
  for (const int status : reap())
    replace_if_lost(status);
  if (alive_.empty() && to_start_ == 0)
    to_start_ = 1; // the run goes on, so a track waits
  top_up();
}

bool child_processes::ours(std::uint32_t process) const {
  return std::find(alive_.begin(), alive_.end(), static_cast<pid_t>(process)) != alive_.end();
}

/// A process that dies closes its sockets before it has ended; on a busy machine long before.
bool child_processes::lives(std::uint32_t process) const {
  using namespace std::chrono_literals;
  const auto limit = std::chrono::steady_clock::now() + 100ms;
  while (ours(process)) {
    if (is_ending(static_cast<pid_t>(process)))
      return false;
    if (std::chrono::steady_clock::now() > limit)
      return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

void child_processes::end(std::uint32_t process) const {
  if (ours(process))
    kill(static_cast<pid_t>(process), SIGKILL);
}

process_costs child_processes::stop() {
  using namespace std::chrono_literals;
  const auto limit = std::chrono::steady_clock::now() + 1s;
  while (!alive_.empty() && std::chrono::steady_clock::now() < limit) {
    reap();
    if (!alive_.empty())
      std::this_thread::sleep_for(1ms);
  }
  for (const pid_t pid : alive_)
    kill(pid, SIGKILL);
  while (!alive_.empty())
    reap();
  return costs_;
}

child_processes::~child_processes() {
  for (const pid_t pid : alive_) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
}

void child_processes::top_up() {
  while (to_start_ > 0 && alive_.size() < most_alive) {
    alive_.push_back(start_());
    --to_start_;
  }
}

std::vector<int> child_processes::reap() {
  std::vector<int> ended;
  for (std::size_t i = 0; i < alive_.size();) {
    int status = 0;
    rusage used{};
    if (wait4(alive_[i], &status, WNOHANG, &used) == 0) {
      ++i;
      continue;
    }
    alive_.erase(alive_.begin() + static_cast<std::ptrdiff_t>(i));
    account(used);
    ended.push_back(status);
  }
  return ended;
}

void child_processes::account(const rusage& used) {
  const auto nanoseconds = [](const timeval& t) {
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(t.tv_usec) * 1000U;
  };
  costs_.cpu_ns += nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
  costs_.rss_bytes += static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
}

/// A child that did its duty ends with 0; in the place of any other comes a new one. One that was told
/// to leave, or has lost its leader, did not fail by itself.
void child_processes::replace_if_lost(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return;
  ++to_start_;
  const bool failed = WIFEXITED(status) && WEXITSTATUS(status) != 128 + SIGTERM && WEXITSTATUS(status) != leader_lost();
  failures_ = failed ? failures_ + 1 : 0;
  if (failures_ < most_failures && deaths_left_-- > 0)
    return;
  throw error(errc::internal, "worker processes must live, but too many ended before their time, the last with " +
                                  (WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                                     : "signal " + std::to_string(WTERMSIG(status))));
}

} // namespace fugato
