// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/certificates.hpp"
#include "actors/sockets.hpp"

#include <csignal>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

/// TLS 1.3 with certificates on both sides, over non-blocking sockets. Nothing
/// here raises SIGPIPE or depends on how the process treats it.
namespace fugato {

/// Whom we are, whom we trust and what we accept: made once, shared by all
/// connections and threads.
class tls_context {
public:
  /// A leader accepts workers only, a worker leaders only: by extended key usage
  /// and by common name, within the handshake.
  /// @param ca certificate of the authority, PEM
  /// @param excluded nodes whose certificates are refused
  /// @throws error(settings) when a text is no PEM or the key is another's
  tls_context(node_role role, const std::string& ca, const identity& own, std::vector<std::string> excluded = {});
  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  node_role role() const { return role_; }
  ssl_ctx_st* get() const { return context_; }
  bool excludes(const std::string& node) const;

private:
  node_role role_;
  std::vector<std::string> excluded_;
  ssl_ctx_st* context_;
};

/// How an attempt at a TLS operation ended.
enum class tls_outcome {
  done,
  timed_out,
  closed,         ///< by the peer, or by interrupt()
  refused,        ///< the peer refused us: it sent an alert
  not_tls,        ///< the peer speaks no TLS 1.3
  no_certificate, ///< the peer showed none
  untrusted,      ///< the peer's is expired, for another usage, or of another authority
  wrong_role,     ///< the peer's has another name than that of its role
  excluded,       ///< the peer's is of a node that is let in no more
};

/// One TLS connection; owns its socket.
class tls_stream {
public:
  /// What a single non-blocking step came to.
  enum class step { done, want_read, want_write, closed, failed };

  tls_stream(const tls_context& context, descriptor socket);
  ~tls_stream();
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;

  /// The leader's side accepts, the worker's connects. With TLS 1.3 a worker
  /// learns only from what comes next whether its certificate was accepted.
  tls_outcome handshake(deadline until);
  tls_outcome send_byte(char byte, deadline until);
  tls_outcome receive_byte(char& byte, deadline until);
  /// More about an outcome other than `done`, in OpenSSL's words; may be empty.
  const std::string& detail() const { return detail_; }

  /// Single steps, for pump(), which holds SIGPIPE back.
  step read(std::span<char> into, std::size_t& size);
  step write(std::span<const char> from, std::size_t& size);
  /// Tells the peer that nothing more will be written.
  step finish();

  int fd() const { return socket_.get(); }
  /// Ends the connection: whoever waits for it returns. From any thread.
  void interrupt() const;
  /// Ends it after a failure, so that the alert that says why reaches the peer.
  void part(deadline until) const;

private:
  template <class Call>
  tls_outcome repeat(Call call, deadline until);
  step step_of(int result);
  tls_outcome outcome_of_failure();

  descriptor socket_;
  ssl_st* ssl_;
  node_role role_;
  std::string detail_;
};

/// OpenSSL writes to sockets in the way that raises SIGPIPE. This holds the
/// signal back in the calling thread, and takes away the one that it caused.
class no_sigpipe {
public:
  no_sigpipe();
  ~no_sigpipe();
  no_sigpipe(const no_sigpipe&) = delete;
  no_sigpipe& operator=(const no_sigpipe&) = delete;

private:
  sigset_t pipe_;
  sigset_t old_;
  bool was_waiting_;
};

} // namespace fugato
