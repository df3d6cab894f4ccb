// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/loopback_only.hpp"

#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fugato {
namespace {

thread_local bool active = false;
thread_local std::size_t count = 0;

} // namespace

loopback_only::loopback_only() {
  active = true;
  count = 0;
}

loopback_only::~loopback_only() { active = false; }

std::size_t loopback_only::moved() const { return count; }

} // namespace fugato

/// The linker gives this one to all libraries, which come after the program in their order of search.
extern "C" int bind(int socket, const sockaddr* address, socklen_t size) noexcept {
  sockaddr_in own{};
  if (fugato::active && size >= sizeof own && address->sa_family == AF_INET) {
    std::memcpy(&own, address, sizeof own);
    if (own.sin_addr.s_addr == htonl(INADDR_ANY)) {
      own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address = reinterpret_cast<const sockaddr*>(&own);
      ++fugato::count;
    }
  }
  return static_cast<int>(::syscall(SYS_bind, socket, address, size));
}
