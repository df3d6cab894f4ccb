// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pump.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>
#include <sys/socket.h>

namespace fugato {
namespace {

using step = tls_stream::step;
using std::chrono::steady_clock;

/// Bytes on their way in one direction.
class pipeline {
public:
  std::span<const char> waiting() const { return {bytes_.data() + begin_, end_ - begin_}; }
  std::span<char> space() { return bytes_; }
  void filled(std::size_t size) { begin_ = 0, end_ = size; }
  void consumed(std::size_t size) { begin_ += size; }

  bool ended = false; ///< the source has no more
  bool told = false;  ///< and the sink knows it

private:
  std::array<char, 64 * 1024> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// One of the two sockets.
struct side {
  int fd;
  /// Seen to be shut down both ways or broken. poll keeps reporting that even to
  /// those who wait for nothing, so from then on it is asked only when it matters.
  bool hung_up = false;

  pollfd query(int events) const { return {events == 0 && hung_up ? -1 : fd, static_cast<short>(events), 0}; }
  void note(const pollfd& answer) { hung_up = hung_up || (answer.revents & (POLLHUP | POLLERR)) != 0; }
};

class pump_loop {
public:
  pump_loop(tls_stream& tls, int plain, traffic& count, std::chrono::milliseconds linger)
      : tls_(tls), plain_{plain}, count_(count), linger_(linger), tls_side_{tls.fd()} {}

  void run() {
    while (!broken_ && !(in_.told && out_.told)) {
      // no short circuits: each direction gets its turn
      const bool received = pull_tls();
      const bool delivered = push_plain();
      const bool taken = pull_plain();
      const bool sent = push_tls();
      if (!last_moment_ && (in_.ended || out_.ended || plain_.hung_up || tls_side_.hung_up))
        last_moment_ = steady_clock::now() + linger_;
      if (last_moment_ && steady_clock::now() >= *last_moment_)
        return;
      if (!received && !delivered && !taken && !sent && !broken_)
        wait();
    }
  }

private:
  bool pull_tls() {
    if (in_.ended || !in_.waiting().empty())
      return false;
    std::size_t size = 0;
    const step now = tls_.read(in_.space(), size);
    in_.filled(size);
    count_.in += size;
    in_.ended = now == step::closed;
    return moved(now, reading_waits_);
  }

  bool push_plain() {
    if (in_.waiting().empty()) {
      if (in_.ended && !in_.told) {
        ::shutdown(plain_.fd, SHUT_WR);
        in_.told = true;
      }
      return false;
    }
    const ssize_t size = ::send(plain_.fd, in_.waiting().data(), in_.waiting().size(), MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
      return false;
    // A local side that has left wants no more. Its last words may still be on
    // their way: reading on, into the void, keeps TCP from resetting them.
    plain_.hung_up = plain_.hung_up || size < 0;
    in_.consumed(size < 0 ? in_.waiting().size() : static_cast<std::size_t>(size));
    return true;
  }

  bool pull_plain() {
    if (out_.ended || !out_.waiting().empty())
      return false;
    const ssize_t size = ::recv(plain_.fd, out_.space().data(), out_.space().size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
      return false;
    out_.filled(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    out_.ended = size <= 0;
    return true;
  }

  bool push_tls() {
    if (out_.told || (out_.waiting().empty() && !out_.ended))
      return false;
    if (out_.waiting().empty()) {
      const step now = tls_.finish();
      out_.told = now == step::done;
      return moved(now, writing_waits_);
    }
    std::size_t size = 0;
    const step now = tls_.write(out_.waiting(), size);
    out_.consumed(size);
    count_.out += size;
    return moved(now, writing_waits_);
  }

  /// @returns whether another round may achieve something without waiting
  bool moved(step now, short& waits_for) {
    broken_ = broken_ || now == step::failed;
    waits_for = now == step::want_read ? POLLIN : now == step::want_write ? POLLOUT : waits_for;
    return now == step::done || now == step::closed;
  }

  void wait() {
    const bool reading = !in_.ended && in_.waiting().empty();
    const bool writing = !out_.told && (out_.ended || !out_.waiting().empty());
    const bool taking = !out_.ended && out_.waiting().empty();
    const bool delivering = !in_.waiting().empty();
    const int tls_events = (reading ? reading_waits_ : 0) | (writing ? writing_waits_ : 0);
    const int plain_events = (taking ? POLLIN : 0) | (delivering ? POLLOUT : 0);
    pollfd both[] = {tls_side_.query(tls_events), plain_.query(plain_events)};
    if (::poll(both, std::size(both), last_moment_ ? poll_time(*last_moment_) : -1) > 0) {
      tls_side_.note(both[0]);
      plain_.note(both[1]);
    }
  }

  tls_stream& tls_;
  side plain_;
  traffic& count_;
  std::chrono::milliseconds linger_;
  side tls_side_;
  pipeline in_;  ///< from TLS to the plain side
  pipeline out_; ///< from the plain side to TLS
  short reading_waits_ = POLLIN;
  short writing_waits_ = POLLOUT;
  bool broken_ = false;
  std::optional<deadline> last_moment_;
};

} // namespace

void pump(tls_stream& tls, int plain, traffic& count, std::chrono::milliseconds linger) {
  const no_sigpipe guard;
  set_nonblocking(plain);
  std::make_unique<pump_loop>(tls, plain, count, linger)->run();
  tls.interrupt();
  ::shutdown(plain, SHUT_RDWR);
}

} // namespace fugato
