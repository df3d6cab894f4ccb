// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/certificates.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

/// TCP between nodes. What listens on the network is not the actor framework but
/// a gate: it ends TLS, lets in only holders of a worker's certificate, and hands
/// on plain bytes through local sockets. What cannot prove who it is never gets
/// a byte past it.
namespace fugato {

/// What a gate says first inside TLS to a worker whose certificate is good.
enum class gate_answer : char { welcome = '+', no_room = '-' };

struct gate_limits {
  std::size_t alive = 64;   ///< workers at once
  std::size_t pending = 64; ///< handshakes at once; when one more comes, the oldest gives way
  std::chrono::milliseconds handshake{3000};
};

/// What happened at a gate so far.
struct gate_counts {
  std::uint64_t accepted = 0;
  // refused, because
  std::uint64_t timed_out = 0;      ///< the handshake took too long
  std::uint64_t gave_up = 0;        ///< the peer closed or refused us during it
  std::uint64_t not_tls = 0;        ///< the peer spoke no TLS 1.3
  std::uint64_t no_certificate = 0; ///< the peer showed none
  std::uint64_t untrusted = 0;      ///< expired, for another usage, or of another authority
  std::uint64_t wrong_role = 0;     ///< the certificate names no worker
  std::uint64_t excluded = 0;       ///< the certificate is of a node that is let in no more
  std::uint64_t crowded = 0;        ///< a limit was reached, or the system's resources
  // inside TLS
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  // now
  std::uint64_t alive = 0;
  std::uint64_t pending = 0;

  std::uint64_t refused() const {
    return timed_out + gave_up + not_tls + no_certificate + untrusted + wrong_role + excluded + crowded;
  }
};

/// The leader's side. One thread accepts, one more serves each connection.
class gate {
public:
  /// Takes ownership of one end of a local stream socket; the gate copies between
  /// its other end and the worker until either is closed. Called from threads of
  /// the gate, several at a time; must not throw, nor call the gate.
  using entrance = std::function<void(int plain_fd)>;

  /// Listens from now on.
  /// @param host name, IPv4 or IPv6 address of the interface: "127.0.0.1" for this
  ///        machine only, "0.0.0.0" or "::" for all
  /// @param port 0 for any that is free
  /// @throws error(settings) when it cannot listen there, or for an unusable identity
  gate(const std::string& host, std::uint16_t port, const leader_identity& own, entrance enter,
       const gate_limits& limits = {});
  /// As stop().
  ~gate();
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  /// Where it listens.
  std::uint16_t port() const;
  gate_counts counts() const;

  /// Listens no more, ends all connections and waits for all threads. What was
  /// already written to the local sockets is delivered where peers take it within
  /// half a second, which is about the longest that this takes.
  void stop();

private:
  struct house;
  std::unique_ptr<house> house_;
};

} // namespace fugato
