// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/tracker.hpp"

#include "config/error.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fugato {

using std::chrono::steady_clock;

struct tracker::peer {
  descriptor socket;
  std::string unsent;
  bool closing = false; ///< once all is sent
};

/// The connections, for as long as the tracker's thread runs.
class tracker::desk {
public:
  explicit desk(tracker& owner) : owner_(owner) {}

  /// Until the tracker is told to end, or the ranks have failed.
  void run() {
    while (wait()) {
      tracker_protocol& protocol = owner_.protocol_;
      if (steady_clock::now() >= until_) {
        protocol.expire(owner_.join_seconds_);
        until_ = steady_clock::time_point::max(); // all are linked, or have failed
      }
      for (const auto& message : protocol.take_messages())
        owner_.tell_(message);
      for (auto& action : protocol.take_actions())
        carry_out(std::move(action));
      if (protocol.at() == tracker_protocol::phase::failed) {
        const std::lock_guard hold{owner_.lock_};
        owner_.problem_ = protocol.problem();
        return;
      }
    }
  }

private:
  /// Waits for something to happen, and takes in what has. @returns whether to go on
  bool wait() {
    std::vector<pollfd> all{{owner_.wake_.get(), POLLIN, 0}, {owner_.listening_.get(), POLLIN, 0}};
    std::vector<tracker_protocol::connection> who;
    for (const auto& [id, x] : peers_) {
      who.push_back(id);
      const bool write = !x.unsent.empty();
      all.push_back({x.socket.get(), static_cast<short>(write ? POLLIN | POLLOUT : POLLIN), 0});
    }
    ::poll(all.data(), all.size(), until_ == steady_clock::time_point::max() ? -1 : poll_time(until_));
    std::uint64_t rings = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(owner_.wake_.get(), &rings, sizeof rings);
    if (owner_.ending_)
      return false;
    if (owner_.begun_.exchange(false))
      until_ = steady_clock::now() +
               std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(owner_.join_seconds_));
    if (all[1].revents != 0)
      accept();
    for (std::size_t i = 0; i < who.size(); ++i) {
      if ((all[i + 2].revents & POLLOUT) != 0)
        send(who[i]);
      if ((all[i + 2].revents & ~POLLOUT) != 0)
        read(who[i]);
    }
    return true;
  }

  void accept() {
    descriptor socket{::accept4(owner_.listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        std::this_thread::sleep_for(std::chrono::milliseconds(100)); // the socket stays readable meanwhile
      return;
    }
    const auto id = next_++;
    peers_[id].socket = std::move(socket);
    owner_.protocol_.opened(id);
  }

  void read(tracker_protocol::connection id) {
    const auto found = peers_.find(id);
    if (found == peers_.end())
      return;
    static constexpr std::size_t most = std::size_t{1} << 16U;
    buffer_.resize(most);
    const ssize_t count = ::recv(found->second.socket.get(), buffer_.data(), most, 0);
    if (count > 0)
      return owner_.protocol_.received(id, {buffer_.data(), static_cast<std::size_t>(count)});
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    peers_.erase(found);
    owner_.protocol_.closed(id);
  }

  void carry_out(tracker_protocol::action what) {
    const auto found = peers_.find(what.to);
    if (found == peers_.end())
      return;
    found->second.unsent += what.bytes;
    found->second.closing = found->second.closing || what.close;
    send(what.to);
  }

  void send(tracker_protocol::connection id) {
    const auto found = peers_.find(id);
    if (found == peers_.end())
      return;
    peer& x = found->second;
    while (!x.unsent.empty()) {
      const ssize_t count = ::send(x.socket.get(), x.unsent.data(), x.unsent.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 && errno == EAGAIN)
        return;
      if (count < 0)
        break; // the peer has gone: reading will tell
      x.unsent.erase(0, static_cast<std::size_t>(count));
    }
    if (x.closing)
      peers_.erase(found);
  }

  tracker& owner_;
  steady_clock::time_point until_ = steady_clock::time_point::max();
  std::map<tracker_protocol::connection, peer> peers_;
  tracker_protocol::connection next_ = 0;
  std::string buffer_;
};

tracker::tracker(std::vector<std::string> names, std::shared_ptr<rank_ways> ways, double join_seconds, listener tell)
    : listening_(listen_at("127.0.0.1", 0)),
      port_(port_of(listening_.get())),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      protocol_(std::move(names), std::move(ways)),
      join_seconds_(join_seconds),
      tell_(std::move(tell)) {
  if (!wake_)
    throw error(errc::internal, std::string("tracker: must get an event descriptor: ") + std::strerror(errno));
  thread_ = std::thread([this] { serve(); });
}

tracker::~tracker() {
  ending_ = true;
  ring();
  thread_.join();
}

void tracker::begin() {
  begun_ = true;
  ring();
}

void tracker::ring() const {
  const std::uint64_t once = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &once, sizeof once);
}

std::string tracker::problem() const {
  const std::lock_guard hold{lock_};
  return problem_;
}

void tracker::serve() {
  desk{*this}.run();
  const descriptor gone = std::move(listening_); // who comes now is refused at once
}

} // namespace fugato
