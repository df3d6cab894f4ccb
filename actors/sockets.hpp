// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

/// The little of the socket interface that the gate needs. Descriptors are closed
/// on exec.
namespace fugato {

using deadline = std::chrono::steady_clock::time_point;

/// A file descriptor with one owner, who closes it.
class descriptor {
public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_;
};

/// "host:port", with brackets around an IPv6 address.
std::string place_of(const std::string& host, std::uint16_t port);

/// A non-blocking TCP socket that listens.
/// @throws error(settings) when the host is unknown or the port not to be had
descriptor listen_at(const std::string& host, std::uint16_t port);

/// A non-blocking TCP socket that is connected, and sends at once.
/// @throws error(settings) when the host is unknown, error(read_error) when it
///         cannot be reached
descriptor connect_to(const std::string& host, std::uint16_t port, deadline until);

/// The port that a socket is bound to.
std::uint16_t port_of(int socket);

/// Two local stream sockets, connected to each other; empty when the system has
/// no more.
std::array<descriptor, 2> local_pair();

/// Milliseconds left, rounded up, for ::poll.
int poll_time(deadline until);

void set_nonblocking(int fd);

/// Small messages that somebody waits for do not wait for larger ones (TCP_NODELAY).
void send_at_once(int socket);

} // namespace fugato
