// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/loopback_only.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace fugato;

namespace {

/// The address that a socket has when it was bound to @p wanted, in the machine's order; 0 when that failed.
in_addr_t bound_to(in_addr_t wanted) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(wanted);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(socket, any, size) == 0);
  REQUIRE(::getsockname(socket, any, &size) == 0);
  ::close(socket);
  CHECK(address.sin_port != 0);
  return ntohl(address.sin_addr.s_addr);
}

} // namespace

TEST_CASE("what would listen everywhere listens here only, in this thread, while it lasts") {
  CHECK(bound_to(INADDR_ANY) == INADDR_ANY);
  {
    const loopback_only here;
    CHECK(here.moved() == 0);
    CHECK(bound_to(INADDR_ANY) == INADDR_LOOPBACK);
    CHECK(here.moved() == 1);
    CHECK(bound_to(INADDR_LOOPBACK + 1) == INADDR_LOOPBACK + 1); // 127.0.0.2 was asked for
    CHECK(here.moved() == 1);
    std::thread([] { CHECK(bound_to(INADDR_ANY) == INADDR_ANY); }).join();
  }
  CHECK(bound_to(INADDR_ANY) == INADDR_ANY);
}

TEST_CASE("whoever wants to know where, is told") {
  std::atomic<std::uint16_t> port = 0;
  const loopback_only here{&port};
  bound_to(INADDR_LOOPBACK);
  CHECK(port == 0);
  bound_to(INADDR_ANY);
  CHECK(port != 0);
}

TEST_CASE("other families and broken addresses are the system's business") {
  const loopback_only here;
  const int local = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr address{};
  address.sa_family = AF_UNIX;
  CHECK(::bind(local, &address, sizeof address.sa_family) == 0); // autobind
  ::close(local);
  CHECK(::bind(-1, &address, sizeof address) == -1);
  CHECK(here.moved() == 0);
}
