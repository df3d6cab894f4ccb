// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/dialled.hpp"
#include "actors/gate.hpp"
#include "actors/sockets.hpp"
#include "actors/tls.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

/// What the tests of the gate share.
namespace fugato::gate_fixture {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

inline constexpr std::chrono::hours day{24};
inline constexpr std::chrono::milliseconds handshake_limit{300};
/// For what comes in no time, but on a loaded machine may not: far above any limit that a test waits for.
inline constexpr std::chrono::milliseconds patience{60s};
/// A gate that cuts nobody off because the machine is busy.
inline constexpr gate_limits patient{.handshake = patience};

/// One authority and its nodes for all tests.
struct cluster {
  authority ca = make_authority(day);
  identity leader = issue(ca, node_role::leader, day);
  identity worker = issue(ca, node_role::worker, day);

  leader_identity own() const { return {ca.certificate, leader.certificate, leader.key, 1, {}}; }
  join_ticket ticket(std::uint16_t port) const { return ticket(port, worker); }
  join_ticket ticket(std::uint16_t port, const identity& who) const {
    return {"127.0.0.1", port, ca.certificate, who.certificate, who.key};
  }
};
inline const cluster& ours() {
  static const cluster result;
  return result;
}

inline std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Waits for what other threads are about to do.
template <class F>
bool soon(F&& condition, std::chrono::milliseconds limit = patience / 2) {
  const auto until = steady_clock::now() + limit;
  while (!condition())
    if (steady_clock::now() > until)
      return false;
    else
      std::this_thread::sleep_for(1ms);
  return true;
}

/// Waits until a count that has begun to grow stands still.
template <class F>
bool stalls(F&& count) {
  std::uint64_t last = 0;
  return soon(
      [&] {
        const std::uint64_t before = std::exchange(last, count());
        std::this_thread::sleep_for(100ms);
        return last > 0 && last == before;
      },
      patience);
}

inline double seconds_of(const std::function<void()>& work) {
  const auto start = steady_clock::now();
  work();
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

/// Whether it ends without waiting for any limit.
inline bool prompt(const std::function<void()>& work) {
  return seconds_of(work) < std::chrono::duration<double>(patience / 2).count();
}

inline void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (size <= 0)
      return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

/// Reads until @p size bytes have come, or the end.
inline std::string read_all(int fd, std::size_t size = std::string::npos) {
  std::string result;
  std::array<char, 65536> part;
  while (result.size() < size) {
    const ssize_t got = ::recv(fd, part.data(), std::min(part.size(), size - result.size()), 0);
    if (got <= 0)
      break;
    result.append(part.data(), static_cast<std::size_t>(got));
  }
  return result;
}

/// What stands behind the gate in these tests: keeps the local sockets.
class lobby {
public:
  gate::entrance entrance() {
    return [this](int fd) {
      const std::lock_guard hold{lock_};
      sockets_.emplace_back(fd);
    };
  }
  std::size_t size() const {
    const std::lock_guard hold{lock_};
    return sockets_.size();
  }
  void clear() {
    const std::lock_guard hold{lock_};
    sockets_.clear();
  }
  /// The first that came, once it has come.
  descriptor take() {
    REQUIRE(soon([this] { return size() > 0; }));
    const std::lock_guard hold{lock_};
    descriptor result = std::move(sockets_.front());
    sockets_.erase(sockets_.begin());
    return result;
  }

private:
  mutable std::mutex lock_;
  std::vector<descriptor> sockets_;
};

/// Shows everybody out again, so that nobody lingers.
class turnstile {
public:
  gate::entrance entrance() {
    return [this](int fd) {
      ++passed_;
      ::close(fd);
    };
  }
  std::size_t size() const { return passed_; }

private:
  std::atomic<std::size_t> passed_{0};
};

/// A gate with a worker that went through it.
struct joined {
  lobby inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  dialled link{ours().ticket(door.port()), patience};
  descriptor worker{link.take_plain_fd()};
  descriptor leader = inside.take();
};

inline descriptor tcp(std::uint16_t port) {
  descriptor result = connect_to("127.0.0.1", port, steady_clock::now() + patience);
  ::fcntl(result.get(), F_SETFL, 0);
  return result;
}

/// Tries to join; the sentence that says why not.
inline std::string refusal(errc code, const join_ticket& ticket) {
  return sentence(code, [&] { const dialled link{ticket, patience}; });
}

inline bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A client of OpenSSL's own with TLS versions up to @p newest and maybe a certificate.
/// @returns whether it could read anything
inline bool foreign_client(std::uint16_t port, int newest, const identity* who) {
  const no_sigpipe guard;
  const descriptor socket = tcp(port);
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, newest);
  if (who != nullptr) {
    SSL_CTX_use_certificate(context, parse_certificate(who->certificate, "test").get());
    SSL_CTX_use_PrivateKey(context, parse_key(who->key, "test").get());
  }
  SSL* const ssl = SSL_new(context);
  SSL_set_fd(ssl, socket.get());
  char byte = 0;
  const bool read = SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1;
  SSL_free(ssl);
  SSL_CTX_free(context);
  return read;
}

} // namespace fugato::gate_fixture
