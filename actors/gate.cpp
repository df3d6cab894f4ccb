// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/gate.hpp"

#include "actors/pump.hpp"
#include "actors/tls.hpp"
#include "config/error.hpp"
#include "config/shortage.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <list>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace fugato {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How long a refused peer may take to read why.
constexpr milliseconds parting{200};

} // namespace

struct gate::house {
  enum class stage { handshake, alive, over };

  /// Its descriptors are closed only after its thread was joined, so that their
  /// numbers cannot mean something else while another thread still knows them.
  struct connection {
    connection(const tls_context& with, descriptor socket) : tls(with, std::move(socket)) {}

    tls_stream tls;
    descriptor plain; ///< our end, once let in
    stage at = stage::handshake;
    bool evicted = false; ///< had to give way
    std::thread thread;
  };

  house(const std::string& host, std::uint16_t number, const leader_identity& own, entrance way_in,
        const gate_limits& bounds)
      : context(node_role::leader, own.ca, {own.certificate, own.key}, own.excluded),
        enter(std::move(way_in)),
        limits(bounds),
        listener(listen_at(host, number)),
        port(port_of(listener.get())),
        wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake)
      throw error(errc::internal, std::string("gate: must get an event descriptor: ") + std::strerror(errno));
    acceptor = std::thread([this] { accept_all(); });
  }

  void accept_all();
  void start(descriptor socket);
  void make_room();
  void reap();
  void serve(connection& x);
  bool admit(connection& x, deadline until);
  void count_refusal(const connection& x, tls_outcome why);
  std::uint64_t number_at(stage at) const;
  void ring() const;
  void stop();
  gate_counts snapshot() const;

  const tls_context context;
  const entrance enter;
  const gate_limits limits;
  descriptor listener;
  const std::uint16_t port;
  const descriptor wake; ///< rings when a connection is over or the gate stops
  traffic moved;

  mutable std::mutex lock; ///< of all below, but for `acceptor`
  bool stopping = false;
  gate_counts counts;
  std::list<connection> connections; ///< oldest first; only the acceptor adds and removes, until it has ended
  std::thread acceptor;
};

void gate::house::accept_all() {
  constexpr int pause = 100; // [ms]
  bool exhausted = false;
  for (;;) {
    // out of descriptors, a listening socket stays readable: look away from it for a while
    pollfd both[] = {{wake.get(), POLLIN, 0}, {exhausted ? -1 : listener.get(), POLLIN, 0}};
    ::poll(both, std::size(both), exhausted ? pause : -1);
    std::uint64_t rings = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(wake.get(), &rings, sizeof rings);
    if (const std::lock_guard hold{lock}; stopping)
      return;
    reap();
    exhausted = false;
    if ((both[1].revents & POLLIN) == 0)
      continue;
    descriptor socket{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (socket)
      start(std::move(socket));
    else
      exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
  }
}

void gate::house::start(descriptor socket) {
  make_room();
  const std::lock_guard hold{lock};
  const answering_for_memory here;
  try {
    connection& x = connections.emplace_back(context, std::move(socket));
    x.thread = std::thread([this, &x] { serve(x); });
  } catch (const std::exception&) { // out of memory or threads
    ++counts.crowded;
    if (!connections.empty() && !connections.back().thread.joinable())
      connections.pop_back();
  }
}

/// Honest handshakes take milliseconds, so under a flood the oldest is the least
/// likely to be one; making newcomers wait instead would lock honest ones out.
void gate::house::make_room() {
  std::unique_lock hold{lock};
  if (number_at(stage::handshake) < limits.pending)
    return;
  const auto oldest = std::find_if(connections.begin(), connections.end(),
                                   [](const connection& x) { return x.at == stage::handshake; });
  if (oldest == connections.end())
    return;
  oldest->evicted = true;
  hold.unlock();
  oldest->tls.interrupt();
  oldest->thread.join();
  hold.lock();
  connections.erase(oldest);
}

void gate::house::reap() {
  const std::lock_guard hold{lock};
  std::erase_if(connections, [](connection& x) {
    if (x.at != stage::over)
      return false;
    x.thread.join(); // it does no more than ring, without the lock
    return true;
  });
}

void gate::house::serve(connection& x) {
  const deadline until = steady_clock::now() + limits.handshake;
  if (const tls_outcome result = x.tls.handshake(until); result != tls_outcome::done) {
    count_refusal(x, result);
    x.tls.part(std::min(until, steady_clock::now() + parting));
  } else if (admit(x, until)) {
    pump(x.tls, x.plain.get(), moved);
  }
  {
    const std::lock_guard hold{lock};
    x.at = stage::over;
  }
  ring();
}

bool gate::house::admit(connection& x, deadline until) {
  auto [ours, theirs] = local_pair();
  bool room = false;
  {
    const std::lock_guard hold{lock};
    room = ours && !stopping && !x.evicted && number_at(stage::alive) < limits.alive;
    if (room) {
      x.plain = std::move(ours);
      x.at = stage::alive;
      ++counts.accepted;
    } else {
      ++counts.crowded;
    }
  }
  const gate_answer answer = room ? gate_answer::welcome : gate_answer::no_room;
  const bool told = x.tls.send_byte(static_cast<char>(answer), until) == tls_outcome::done;
  if (!room || !told) {
    x.tls.part(std::min(until, steady_clock::now() + parting));
    return false;
  }
  enter(theirs.release());
  return true;
}

void gate::house::count_refusal(const connection& x, tls_outcome why) {
  const std::lock_guard hold{lock};
  if (x.evicted) {
    ++counts.crowded;
    return;
  }
  switch (why) {
  case tls_outcome::done:
    break;
  case tls_outcome::timed_out:
    ++counts.timed_out;
    break;
  case tls_outcome::closed:
  case tls_outcome::refused:
    ++counts.gave_up;
    break;
  case tls_outcome::not_tls:
    ++counts.not_tls;
    break;
  case tls_outcome::no_certificate:
    ++counts.no_certificate;
    break;
  case tls_outcome::untrusted:
    ++counts.untrusted;
    break;
  case tls_outcome::wrong_role:
    ++counts.wrong_role;
    break;
  case tls_outcome::excluded:
    ++counts.excluded;
    break;
  }
}

std::uint64_t gate::house::number_at(stage at) const {
  return static_cast<std::uint64_t>(
      std::count_if(connections.begin(), connections.end(), [at](const connection& x) { return x.at == at; }));
}

void gate::house::ring() const {
  const std::uint64_t once = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake.get(), &once, sizeof once);
}

void gate::house::stop() {
  {
    const std::lock_guard hold{lock};
    stopping = true;
  }
  ring();
  if (acceptor.joinable())
    acceptor.join();
  listener = descriptor{};
  {
    const std::lock_guard hold{lock};
    for (const connection& x : connections)
      if (x.at == stage::alive)
        ::shutdown(x.plain.get(), SHUT_RDWR);
      else
        x.tls.interrupt();
  }
  for (connection& x : connections)
    x.thread.join();
  const std::lock_guard hold{lock};
  connections.clear();
}

gate_counts gate::house::snapshot() const {
  const std::lock_guard hold{lock};
  gate_counts result = counts;
  result.bytes_in = moved.in;
  result.bytes_out = moved.out;
  result.alive = number_at(stage::alive);
  result.pending = number_at(stage::handshake);
  return result;
}

gate::gate(const std::string& host, std::uint16_t port, const leader_identity& own, entrance enter,
           const gate_limits& limits)
    : house_(std::make_unique<house>(host, port, own, std::move(enter), limits)) {}

gate::~gate() { stop(); }

std::uint16_t gate::port() const { return house_->port; }

gate_counts gate::counts() const { return house_->snapshot(); }

void gate::stop() { house_->stop(); }

} // namespace fugato
