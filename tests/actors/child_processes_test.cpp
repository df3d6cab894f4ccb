// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/child_processes.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace fugato;

namespace {

/// A child that holds one end of a link; it dies when it reads a byte there.
struct linked_child {
  int link = -1;
  pid_t pid = 0;

  linked_child() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    pid = ::fork();
    if (pid == 0) {
      ::close(ends[0]);
      char byte = 0;
      if (::read(ends[1], &byte, 1) == 1)
        ::raise(SIGKILL);
      ::_exit(0);
    }
    ::close(ends[1]);
    link = ends[0];
  }
  ~linked_child() {
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    ::close(link);
  }
  linked_child(const linked_child&) = delete;
  linked_child& operator=(const linked_child&) = delete;
};

} // namespace

TEST_CASE("when the link to a child that dies is at its end, the child is known to be ending, however slowly") {
  for (int i = 0; i < 100; ++i) {
    const linked_child child;
    REQUIRE(::write(child.link, "x", 1) == 1);
    char byte = 0;
    CHECK(::read(child.link, &byte, 1) <= 0);
    CHECK(is_ending(child.pid));
  }
}

TEST_CASE("a child that works or is stopped is not ending") {
  const linked_child child;
  CHECK_FALSE(is_ending(child.pid));
  ::kill(child.pid, SIGSTOP);
  int status = 0;
  REQUIRE(::waitpid(child.pid, &status, WUNTRACED) == child.pid);
  CHECK(WIFSTOPPED(status));
  CHECK_FALSE(is_ending(child.pid));
}

TEST_CASE("of who lives, only children count") {
  linked_child child;
  child_processes ours;
  CHECK_FALSE(ours.lives(static_cast<std::uint32_t>(child.pid)));
  ours.begin(1, 0, [&] { return child.pid; });
  CHECK(ours.lives(static_cast<std::uint32_t>(child.pid)));
  ours.end(static_cast<std::uint32_t>(child.pid));
  ours.stop();
  CHECK_FALSE(ours.lives(static_cast<std::uint32_t>(std::exchange(child.pid, 0))));
}
