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
thread_local std::atomic<std::uint16_t>* told = nullptr;

} // namespace

loopback_only::loopback_only(std::atomic<std::uint16_t>* port) {
  active = true;
  count = 0;
  told = port;
}

loopback_only::~loopback_only() {
  active = false;
  told = nullptr;
}

std::size_t loopback_only::moved() const { return count; }

} // namespace fugato

/// The linker gives this one to all libraries, which come after the program in their order of search.
extern "C" int bind(int socket, const sockaddr* address, socklen_t size) noexcept {
  sockaddr_in own{};
  bool moved = false;
  if (fugato::active && size >= sizeof own && address->sa_family == AF_INET) {
    std::memcpy(&own, address, sizeof own);
    moved = own.sin_addr.s_addr == htonl(INADDR_ANY);
  }
  if (!moved)
    return static_cast<int>(::syscall(SYS_bind, socket, address, size));
  ++fugato::count;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const here = reinterpret_cast<sockaddr*>(&own);
  socklen_t length = sizeof own;
  const auto result = static_cast<int>(::syscall(SYS_bind, socket, here, length));
  if (result == 0 && fugato::told != nullptr && ::getsockname(socket, here, &length) == 0)
    *fugato::told = ntohs(own.sin_port);
  return result;
}
