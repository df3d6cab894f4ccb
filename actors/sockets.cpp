// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/sockets.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fugato {
namespace {

using std::chrono::steady_clock;

/// The addresses of a place; never empty.
class addresses {
public:
  addresses(const std::string& host, std::uint16_t port, int flags) {
    if (host.empty())
      throw error(errc::settings, "a host must be a name or an IPv4 or IPv6 address, found an empty one");
    addrinfo want{};
    want.ai_socktype = SOCK_STREAM;
    want.ai_flags = flags | AI_NUMERICSERV;
    if (const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &want, &first_); problem != 0)
      throw error(problem == EAI_AGAIN ? errc::read_error : errc::settings,
                  fmt::format("{}: must be a host that is known or an IPv4 or IPv6 address: {}", host,
                              ::gai_strerror(problem)));
  }
  ~addresses() { ::freeaddrinfo(first_); }
  addresses(const addresses&) = delete;
  addresses& operator=(const addresses&) = delete;

  const addrinfo* first() const { return first_; }

private:
  addrinfo* first_ = nullptr;
};

descriptor new_socket(const addrinfo& address) {
  descriptor result{::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol)};
  send_at_once(result.get()); // what a listening one accepts inherits it
  return result;
}

} // namespace

descriptor::~descriptor() {
  if (fd_ >= 0)
    ::close(fd_);
}

std::string place_of(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

descriptor listen_at(const std::string& host, std::uint16_t port) {
  constexpr int backlog = 1024; // an overflow costs the honest a second: TCP drops the SYN and waits
  const addresses found{host, port, AI_PASSIVE};
  int problem = 0;
  for (const addrinfo* at = found.first(); at != nullptr; at = at->ai_next) {
    descriptor result = new_socket(*at);
    const int on = 1;
    if (result && ::setsockopt(result.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(result.get(), at->ai_addr, at->ai_addrlen) == 0 && ::listen(result.get(), backlog) == 0)
      return result;
    problem = errno;
  }
  throw error(errc::settings, fmt::format("{}: must be an address of this machine with a free port: {}",
                                          place_of(host, port), std::strerror(problem)));
}

std::uint16_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::array<descriptor, 2> local_pair() {
  int both[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
    return {descriptor{}, descriptor{}};
  return {descriptor{both[0]}, descriptor{both[1]}};
}

descriptor connect_to(const std::string& host, std::uint16_t port, deadline until) {
  const addresses found{host, port, 0};
  int problem = ETIMEDOUT;
  for (const addrinfo* at = found.first(); at != nullptr; at = at->ai_next) {
    descriptor result = new_socket(*at);
    if (result && ::connect(result.get(), at->ai_addr, at->ai_addrlen) == 0)
      return result;
    problem = errno;
    if (!result || problem != EINPROGRESS)
      continue;
    pollfd waiting{result.get(), POLLOUT, 0};
    int ready = 0;
    while ((ready = ::poll(&waiting, 1, poll_time(until))) < 0 && errno == EINTR) {
    }
    problem = ETIMEDOUT;
    socklen_t size = sizeof problem;
    if (ready == 1 && ::getsockopt(result.get(), SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0)
      return result;
  }
  throw error(errc::read_error,
              fmt::format("{}: the leader must be reachable: {}", place_of(host, port), std::strerror(problem)));
}

int poll_time(deadline until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000'000));
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

} // namespace fugato
