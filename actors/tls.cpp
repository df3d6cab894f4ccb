// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/tls.hpp"

#include "config/error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace fugato {
namespace {

using std::chrono::steady_clock;

const tls_context& context_of(X509_STORE_CTX* verification) {
  const auto* const ssl =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return *static_cast<const tls_context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

/// OpenSSL's own verification has checked signature, dates and key usage of the
/// whole chain; at its end stands the peer's certificate, whose names count too.
template <node_role Expected>
int check_name(int trusted, X509_STORE_CTX* verification) {
  if (trusted != 1 || X509_STORE_CTX_get_error_depth(verification) != 0)
    return trusted;
  const X509& certificate = *X509_STORE_CTX_get_current_cert(verification);
  const bool right = is_for(certificate, Expected);
  if (right && !context_of(verification).excludes(node_of(certificate)))
    return 1;
  // the second becomes an alert that tells the peer
  X509_STORE_CTX_set_error(verification, right ? X509_V_ERR_CERT_REVOKED : X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

void tune(int socket) {
  set_nonblocking(socket);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // a peer that vanished without a word (power, cable) is noticed even when nobody writes
  const int idle_seconds = 30;
  const int interval_seconds = 10;
  const int probes = 3;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

/// Whether an alert of the peer is what OpenSSL tripped over.
bool is_alert(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) > SSL_AD_REASON_OFFSET;
}

void configure(SSL_CTX* context, node_role role, const std::string& ca, const identity& own) {
  constexpr long largest_certificates = 16 * 1024; // of an unknown peer
  const auto authority_certificate = parse_certificate(ca, "TLS: certificate of the authority");
  const auto certificate = parse_certificate(own.certificate, "TLS: own certificate");
  const auto key = parse_key(own.key, "TLS: own key");
  const bool ok = SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                  SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
                  SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1 &&
                  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority_certificate.get()) == 1 &&
                  SSL_CTX_set_num_tickets(context, 0) == 1;
  if (!ok)
    throw error(errc::settings,
                "TLS: the certificate, its key and its authority must belong together (" + openssl_reason() + ")");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     role == node_role::leader ? check_name<node_role::worker> : check_name<node_role::leader>);
  SSL_CTX_set_verify_depth(context, 0); // no authorities in between
  SSL_CTX_set_max_cert_list(context, largest_certificates);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // each connection proves itself anew
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
}

} // namespace

no_sigpipe::no_sigpipe() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  sigset_t waiting;
  sigpending(&waiting);
  was_waiting_ = sigismember(&waiting, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_, &old_);
}

no_sigpipe::~no_sigpipe() {
  const timespec at_once{};
  if (!was_waiting_)
    while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  pthread_sigmask(SIG_SETMASK, &old_, nullptr);
}

tls_context::tls_context(node_role role, const std::string& ca, const identity& own, std::vector<std::string> excluded)
    : role_(role),
      excluded_(std::move(excluded)),
      context_(SSL_CTX_new(role == node_role::leader ? TLS_server_method() : TLS_client_method())) {
  if (context_ == nullptr)
    throw error(errc::internal, "TLS: OpenSSL must make a context, but: " + openssl_reason());
  try {
    SSL_CTX_set_app_data(context_, this);
    configure(context_, role, ca, own);
  } catch (...) {
    SSL_CTX_free(context_);
    throw;
  }
}

tls_context::~tls_context() { SSL_CTX_free(context_); }

bool tls_context::excludes(const std::string& node) const {
  return std::find(excluded_.begin(), excluded_.end(), node) != excluded_.end();
}

tls_stream::tls_stream(const tls_context& context, descriptor socket)
    : socket_(std::move(socket)), ssl_(SSL_new(context.get())), role_(context.role()) {
  tune(socket_.get());
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket_.get()) != 1) {
    SSL_free(ssl_);
    throw error(errc::internal, "TLS: OpenSSL must make a connection, but: " + openssl_reason());
  }
}

tls_stream::~tls_stream() { SSL_free(ssl_); }

tls_stream::step tls_stream::step_of(int result) {
  if (result > 0)
    return step::done;
  switch (SSL_get_error(ssl_, result)) {
  case SSL_ERROR_WANT_READ:
    return step::want_read;
  case SSL_ERROR_WANT_WRITE:
    return step::want_write;
  case SSL_ERROR_ZERO_RETURN:
    return step::closed;
  default:
    return step::failed;
  }
}

tls_outcome tls_stream::outcome_of_failure() {
  const unsigned long code = ERR_peek_error();
  detail_ = openssl_reason();
  if (code == 0 || ERR_SYSTEM_ERROR(code) || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return tls_outcome::closed;
  if (is_alert(code))
    return tls_outcome::refused;
  if (ERR_GET_REASON(code) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return tls_outcome::no_certificate;
  const long verdict = SSL_get_verify_result(ssl_);
  if (verdict == X509_V_OK)
    return tls_outcome::not_tls;
  detail_ = X509_verify_cert_error_string(verdict);
  return verdict == X509_V_ERR_APPLICATION_VERIFICATION ? tls_outcome::wrong_role
         : verdict == X509_V_ERR_CERT_REVOKED           ? tls_outcome::excluded
                                                        : tls_outcome::untrusted;
}

template <class Call>
tls_outcome tls_stream::repeat(Call call, deadline until) {
  const no_sigpipe guard;
  for (;;) {
    ERR_clear_error();
    const step now = step_of(call());
    if (now == step::done)
      return tls_outcome::done;
    if (now == step::closed)
      return tls_outcome::closed;
    if (now == step::failed)
      return outcome_of_failure();
    pollfd waiting{socket_.get(), static_cast<short>(now == step::want_read ? POLLIN : POLLOUT), 0};
    const int ready = ::poll(&waiting, 1, poll_time(until));
    // the clock counts, not poll: a peer that trickles bytes must not stay for ever
    if (ready == 0 || steady_clock::now() >= until)
      return tls_outcome::timed_out;
  }
}

tls_outcome tls_stream::handshake(deadline until) {
  return repeat([this] { return role_ == node_role::leader ? SSL_accept(ssl_) : SSL_connect(ssl_); }, until);
}

tls_outcome tls_stream::send_byte(char byte, deadline until) {
  return repeat([this, &byte] { return SSL_write(ssl_, &byte, 1); }, until);
}

tls_outcome tls_stream::receive_byte(char& byte, deadline until) {
  return repeat([this, &byte] { return SSL_read(ssl_, &byte, 1); }, until);
}

tls_stream::step tls_stream::read(std::span<char> into, std::size_t& size) {
  ERR_clear_error();
  return step_of(SSL_read_ex(ssl_, into.data(), into.size(), &size));
}

tls_stream::step tls_stream::write(std::span<const char> from, std::size_t& size) {
  ERR_clear_error();
  return step_of(SSL_write_ex(ssl_, from.data(), from.size(), &size));
}

tls_stream::step tls_stream::finish() {
  ERR_clear_error();
  const int result = SSL_shutdown(ssl_); // 0: sent, the peer's is still to come
  return result == 0 ? step::done : step_of(result);
}

void tls_stream::interrupt() const { ::shutdown(socket_.get(), SHUT_RDWR); }

void tls_stream::part(deadline until) const {
  // closing with unread bytes makes TCP reset the connection, and what was sent last is lost
  ::shutdown(socket_.get(), SHUT_WR);
  std::array<char, 4096> unread;
  for (;;) {
    const ssize_t size = ::recv(socket_.get(), unread.data(), unread.size(), 0);
    pollfd waiting{socket_.get(), POLLIN, 0};
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR) || steady_clock::now() >= until)
      break;
    if (size < 0)
      ::poll(&waiting, 1, poll_time(until));
  }
  interrupt();
}

} // namespace fugato
