// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/child_processes.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace fugato {
namespace {

/// Children in a row that may fail by themselves: then no track is to blame, but the program or the machine.
constexpr std::uint32_t most_failures = 20;

/// This very program, but for tests, which are other programs.
std::string program() {
  const char* other = std::getenv("FUGATO_PROGRAM");
  return other == nullptr ? "/proc/self/exe" : other;
}

} // namespace

pid_t child_processes::spawn(const std::vector<std::string>& arguments, int inherited) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (inherited >= 0)
    posix_spawn_file_actions_adddup2(&actions, inherited, STDERR_FILENO + 1);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + (inherited >= 0 ? 2 : 1));
  std::vector<std::string> words{"fugato"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const int problem = posix_spawn(&pid, program().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0)
    throw error(errc::internal, std::string("a worker process must start, but: ") + std::strerror(problem));
  return pid;
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

void child_processes::end(std::uint32_t process) const {
  const auto pid = static_cast<pid_t>(process);
  if (std::find(alive_.begin(), alive_.end(), pid) != alive_.end())
    kill(pid, SIGKILL);
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

/// A child that did its duty ends with 0; in the place of any other comes a new one.
void child_processes::replace_if_lost(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return;
  ++to_start_;
  failures_ = WIFEXITED(status) ? failures_ + 1 : 0;
  if (failures_ < most_failures && deaths_left_-- > 0)
    return;
  throw error(errc::internal, "worker processes must live, but too many ended before their time, the last with " +
                                  (WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                                     : "signal " + std::to_string(WTERMSIG(status))));
}

} // namespace fugato
