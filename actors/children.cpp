// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/child_processes.hpp"
#include "actors/nodes.hpp"
#include "actors/placement.hpp"
#include "actors/spawning.hpp"
#include "config/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

/// Ends of the socket between the leader and a child.
struct socket_pair {
  int ours = -1;
  int theirs = -1;

  socket_pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw error(errc::internal, std::string("a socket for a worker must be had, but: ") + std::strerror(errno));
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

class children : public placement {
public:
  std::uint32_t at_first(std::uint32_t lines) const override { return std::min(lines, child_processes::most_alive); }

  void deploy(const deployment& what) override {
    std::vector<std::string> words{"worker",
                                   "--fd",
                                   "3",
                                   "--silence",
                                   std::to_string(what.dispatch.silence_seconds),
                                   "--memory",
                                   std::to_string(what.dispatch.worker_megabytes)};
    if (!what.brief.cache.empty())
      words.insert(words.end(), {"--cache", what.brief.cache});
    processes_.begin(what.lines, what.most_deaths, [&system = what.system, leader = what.leader, words] {
      socket_pair sockets;
      const pid_t pid = spawn_program(words, sockets.theirs);
      serve(system, std::exchange(sockets.ours, -1), leader);
      return pid;
    });
  }

  void tend() override { processes_.tend(); }
  bool lives(std::uint32_t process) const override { return processes_.lives(process); }
  void end(std::uint32_t process) override { processes_.end(process); }
  process_costs stop() override { return processes_.stop(); }

private:
  child_processes processes_;
};

} // namespace

std::unique_ptr<placement> place_in_children() { return std::make_unique<children>(); }

} // namespace fugato
