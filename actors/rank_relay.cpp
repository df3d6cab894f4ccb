// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/rank_relay.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds patience{2};
/// Ranks have one link to each other and short ones to the tracker: more are nonsense.
constexpr std::size_t most_links = 512;
constexpr std::uint32_t worth_telling = rank_relay::window / 4; ///< that so many bytes were taken

} // namespace

struct rank_relay::polled {
  std::vector<pollfd> sockets;
  std::vector<link_name> links; ///< of the last sockets
};

rank_relay::rank_relay(std::uint32_t own, std::uint32_t doors)
    : own_(own), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_)
    throw error(errc::internal, std::string("relay: must get an event descriptor: ") + std::strerror(errno));
  for (std::uint32_t i = 0; i < doors; ++i)
    doors_.push_back(listen_at("127.0.0.1", 0));
}

rank_relay::~rank_relay() { stop(); }

std::vector<std::uint16_t> rank_relay::doors() const {
  std::vector<std::uint16_t> result;
  for (const descriptor& each : doors_)
    result.push_back(port_of(each.get()));
  return result;
}

void rank_relay::begin(post send) {
  send_ = std::move(send);
  thread_ = std::thread([this] { serve(); });
}

void rank_relay::take(const link_piece& x) {
  if (x.kind == piece_kind::opens)
    return call(x);
  const std::lock_guard hold{lock_};
  if (x.kind == piece_kind::gone) {
    for (auto& [name, each] : links_)
      each.heard_end = each.heard_end || each.peer == x.from;
    return ring();
  }
  const auto found = links_.find({x.caller, x.number});
  if (found == links_.end() || found->second.peer != x.from)
    return;
  link& at = found->second;
  if (x.kind == piece_kind::bytes)
    hear(at, x.bytes);
  else if (x.kind == piece_kind::taken)
    at.outstanding -= std::min<std::size_t>(at.outstanding, x.count);
  else
    at.heard_end = true;
  if (x.kind != piece_kind::bytes || at.heard_end || !at.unsent.empty() || at.taken >= worth_telling)
    ring();
}

/// Bytes of the other side, for the local one. Who says more than he may is not heard any more.
void rank_relay::hear(link& x, const std::string& bytes) {
  if (x.unsent.size() - x.sent + bytes.size() > window + most_bytes) {
    x.heard_end = true;
    return;
  }
  std::size_t done = 0;
  if (x.unsent.empty()) { // as a rule
    done = send(x, bytes);
    x.taken += static_cast<std::uint32_t>(done);
  }
  if (2 * x.sent >= x.unsent.size())
    x.unsent.erase(0, std::exchange(x.sent, 0));
  x.unsent.append(bytes, done);
}

void rank_relay::cut() {
  const std::lock_guard hold{lock_};
  for (auto& [name, each] : links_)
    each.heard_end = true;
  ring();
}

void rank_relay::stop() {
  {
    const std::lock_guard hold{lock_};
    stop_at_ = steady_clock::now() + patience;
    stopping_ = true;
  }
  ring();
  if (thread_.joinable())
    thread_.join();
  send_ = nullptr;
}

/// The other side's rank has come through its door for this one.
void rank_relay::call(const link_piece& x) {
  link fresh;
  fresh.peer = x.from;
  try {
    if (const std::uint16_t port = awaited_at_; port != 0)
      fresh.socket = connect_to("127.0.0.1", port, steady_clock::now() + patience);
  } catch (const error&) { // without a socket it ends as soon as the thread sees it
  }
  const std::lock_guard hold{lock_};
  if (links_.size() >= most_links || stopping_)
    fresh.socket = descriptor{};
  if (links_.size() < 2 * most_links)
    links_.try_emplace({x.caller, x.number}, std::move(fresh));
  ring();
}

void rank_relay::serve() {
  constexpr int pause = 100; // [ms]
  bool exhausted = false;    // out of descriptors, doors stay readable: look away from them for a while
  for (;;) {
    polled all;
    all.sockets.push_back({wake_.get(), POLLIN, 0});
    int wait = -1;
    {
      const std::lock_guard hold{lock_};
      if (over())
        break;
      if (stopping_)
        wait = poll_time(stop_at_);
      else if (exhausted)
        wait = pause;
      for (const descriptor& each : doors_)
        all.sockets.push_back({stopping_ || exhausted ? -1 : each.get(), POLLIN, 0});
      for (const auto& [name, x] : links_) {
        const bool heeded = !x.said_end && x.outstanding < window;
        const int events = (heeded ? POLLIN : 0) | (x.unsent.empty() ? 0 : POLLOUT);
        all.links.push_back(name);
        // a peer that is gone would be told of for ever
        all.sockets.push_back({events == 0 ? -1 : x.socket.get(), static_cast<short>(events), 0});
      }
    }
    ::poll(all.sockets.data(), all.sockets.size(), wait);
    exhausted = false;
    std::vector<link_piece> out;
    {
      const std::lock_guard hold{lock_};
      std::uint64_t rings = 0;
      [[maybe_unused]] const ssize_t ignored = ::read(wake_.get(), &rings, sizeof rings);
      for (std::uint32_t i = 0; i < doors_.size(); ++i)
        if (all.sockets[1 + i].revents != 0)
          exhausted = !accept(i, out) || exhausted;
      for (std::size_t i = 0; i < all.links.size(); ++i) {
        const short events = all.sockets[1 + doors_.size() + i].revents;
        link& x = links_.at(all.links[i]); // none but this thread takes any away
        if ((events & ~POLLIN) != 0)
          flush(x);
        if ((events & ~POLLOUT) != 0 && !x.said_end)
          read(all.links[i], x, out);
      }
      sweep(out);
    }
    for (link_piece& each : out)
      send_(std::move(each));
  }
  std::map<link_name, link> rest;
  {
    const std::lock_guard hold{lock_};
    rest.swap(links_);
  }
  for (const auto& [name, x] : rest)
    if (!x.said_end)
      send_(piece(piece_kind::ends, name, x));
}

/// All that was said here is on its way, or nobody waits for it any more.
bool rank_relay::over() const {
  return stopping_ && (steady_clock::now() >= stop_at_ ||
                       std::all_of(links_.begin(), links_.end(), [](const auto& x) { return x.second.said_end; }));
}

/// @returns whether there was a descriptor for it
bool rank_relay::accept(std::uint32_t door, std::vector<link_piece>& out) {
  descriptor socket{::accept4(doors_[door].get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!socket)
    return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  if (links_.size() >= most_links)
    return true;
  const link_name name{own_, next_++};
  link& fresh = links_[name];
  fresh.socket = std::move(socket);
  fresh.peer = door;
  out.push_back(piece(piece_kind::opens, name, fresh));
  return true;
}

void rank_relay::read(const link_name& name, link& x, std::vector<link_piece>& out) {
  buffer_.resize(most_bytes);
  const ssize_t size = ::recv(x.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  x.said_end = size <= 0;
  out.push_back(piece(x.said_end ? piece_kind::ends : piece_kind::bytes, name, x));
  if (x.said_end)
    return;
  out.back().bytes.assign(buffer_, 0, static_cast<std::size_t>(size));
  x.outstanding += static_cast<std::size_t>(size);
}

void rank_relay::flush(link& x) {
  if (x.unsent.empty())
    return;
  const std::size_t done = send(x, std::string_view{x.unsent}.substr(x.sent));
  x.sent += done;
  x.taken += static_cast<std::uint32_t>(done);
  if (x.sent == x.unsent.size()) {
    x.unsent = {};
    x.sent = 0;
  }
}

/// @returns how many of the bytes need not be sent any more
std::size_t rank_relay::send(const link& x, std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t size = ::send(x.socket.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0 && errno == EAGAIN)
      break;
    // who has gone wants nothing more; reading will tell
    done = size < 0 ? bytes.size() : done + static_cast<std::size_t>(size);
  }
  return done;
}

/// Tells ends, and forgets links that have come to theirs on both sides.
void rank_relay::sweep(std::vector<link_piece>& out) {
  for (auto at = links_.begin(); at != links_.end();) {
    link& x = at->second;
    if (!x.socket) { // could not be connected
      out.push_back(piece(piece_kind::ends, at->first, x));
      x.said_end = x.heard_end = true;
    }
    if (x.taken >= worth_telling && !x.heard_end) {
      out.push_back(piece(piece_kind::taken, at->first, x));
      out.back().count = std::exchange(x.taken, 0);
    }
    if (x.heard_end && x.unsent.empty() && !x.shut) {
      ::shutdown(x.socket.get(), SHUT_WR);
      x.shut = true;
    }
    at = x.shut && x.said_end ? links_.erase(at) : std::next(at);
  }
}

void rank_relay::ring() const {
  const std::uint64_t once = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &once, sizeof once);
}

link_piece rank_relay::piece(piece_kind kind, const link_name& name, const link& x) const {
  return {kind, own_, x.peer, name.first, name.second, 0, ""};
}

} // namespace fugato
