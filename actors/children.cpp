// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/nodes.hpp"
#include "actors/placement.hpp"
#include "config/error.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

extern char** environ;

namespace fugato {
namespace {

/// Children alive at once; more only fight for the processor.
constexpr std::uint32_t most_alive = 64;

/// Children in a row that may fail by themselves: then no track is to blame, but the program or the machine.
constexpr std::uint32_t most_failures = 20;

/// Where a child finds its socket.
constexpr int child_fd = 3;

[[noreturn]] void fail(const std::string& what, int reason) {
  throw error(errc::internal, what + " must succeed to start a worker process, but: " + std::strerror(reason));
}

/// Ends of the socket between the leader and a child.
struct socket_pair {
  int ours = -1;
  int theirs = -1;

  socket_pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      fail("socketpair", errno);
    ours = ends[0];
    theirs = ends[1];
  }
  ~socket_pair() {
    if (ours >= 0)
      close(ours);
    close(theirs);
  }
  socket_pair(const socket_pair&) = delete;
  socket_pair& operator=(const socket_pair&) = delete;
};

/// This very program, but for tests, which are other programs.
std::string worker_program() {
  const char* other = std::getenv("FUGATO_PROGRAM");
  return other == nullptr ? "/proc/self/exe" : other;
}

/// `fugato worker --fd 3`, holding nothing of ours but its socket and stderr.
pid_t spawn_worker(int fd, double silence_seconds) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fd, child_fd);
  posix_spawn_file_actions_addclosefrom_np(&actions, child_fd + 1);
  std::vector<std::string> words{
      "fugato", "worker", "--fd", std::to_string(child_fd), "--silence", std::to_string(silence_seconds)};
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int problem = posix_spawn(&pid, worker_program().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0)
    fail("posix_spawn", problem);
  return pid;
}

class children : public placement {
public:
  ~children() override {
    for (const pid_t pid : alive_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }

  std::uint32_t at_first(std::uint32_t lines) const override { return std::min(lines, most_alive); }

  void deploy(const deployment& what) override {
    system_ = &what.system;
    leader_ = what.leader;
    silence_seconds_ = what.silence_seconds;
    deaths_left_ = what.most_deaths;
    to_start_ = what.lines;
    top_up();
  }

  void tend() override {
    reap();
    if (alive_.empty() && to_start_ == 0)
      to_start_ = 1; // the run goes on, so a track waits
    top_up();
  }

  void end(std::uint32_t process) override {
    const auto pid = static_cast<pid_t>(process);
    if (std::find(alive_.begin(), alive_.end(), pid) != alive_.end())
      kill(pid, SIGKILL);
  }

  process_costs stop() override {
    using namespace std::chrono_literals;
    const auto limit = std::chrono::steady_clock::now() + 5s;
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

private:
  void top_up() {
    while (to_start_ > 0 && alive_.size() < most_alive) {
      socket_pair sockets;
      alive_.push_back(spawn_worker(sockets.theirs, silence_seconds_));
      serve(*system_, std::exchange(sockets.ours, -1), leader_);
      --to_start_;
    }
  }

  void reap() {
    for (std::size_t i = 0; i < alive_.size();) {
      int status = 0;
      rusage used{};
      if (wait4(alive_[i], &status, WNOHANG, &used) == 0) {
        ++i;
        continue;
      }
      alive_.erase(alive_.begin() + static_cast<std::ptrdiff_t>(i));
      account(used);
      replace_if_lost(status);
    }
  }

  void account(const rusage& used) {
    const auto nanoseconds = [](const timeval& t) {
      return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(t.tv_usec) * 1000U;
    };
    costs_.cpu_ns += nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
    costs_.rss_bytes += static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  }

  /// A child that did its duty ends with 0; in the place of any other comes a new one.
  void replace_if_lost(int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      return;
    ++to_start_;
    failures_ = WIFEXITED(status) ? failures_ + 1 : 0;
    if (failures_ >= most_failures || deaths_left_-- == 0)
      throw error(errc::internal, "worker processes must live, but too many ended before their time, the last with " +
                                      (WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                                         : "signal " + std::to_string(WTERMSIG(status))));
  }

  caf::actor_system* system_ = nullptr;
  leader_actor leader_;
  double silence_seconds_ = 10;
  std::uint32_t to_start_ = 0;
  std::uint32_t failures_ = 0;
  std::uint64_t deaths_left_ = 0;
  std::vector<pid_t> alive_;
  process_costs costs_;
};

} // namespace

std::unique_ptr<placement> place_in_children() { return std::make_unique<children>(); }

} // namespace fugato
