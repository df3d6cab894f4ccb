// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/sockets.hpp"
#include "actors/tracker_protocol.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fugato {

/// Where XGBoost's ranks find each other: `tracker_protocol` with sockets, a clock
/// and one thread. XGBoost's own tracker waits for ever when a rank does not come;
/// this one gives up, and closes its connections so that the ranks that did come
/// fail at once. It speaks plain TCP, as XGBoost does, and is to be found on this
/// machine only: ranks elsewhere reach it through relays (rank_relay).
class tracker {
public:
  /// Is told what ranks print, by the tracker's thread, one at a time; must not throw.
  using listener = std::function<void(const tracker_protocol::message&)>;

  /// @param names of the ranks, in order
  /// @param ways of the ranks to each other
  /// @param join_seconds within which all ranks must be linked, from begin() on
  /// @throws error(settings) when no port is to be had
  tracker(std::vector<std::string> names, std::shared_ptr<rank_ways> ways, double join_seconds, listener tell);
  ~tracker();
  tracker(const tracker&) = delete;
  tracker& operator=(const tracker&) = delete;

  /// The first rank may come from now on: until then nobody is late. From any thread.
  void begin();

  std::uint16_t port() const { return port_; }
  /// Why the ranks cannot work together, a sentence; empty while they can.
  std::string problem() const;

private:
  struct peer;
  class desk;
  void serve();
  void ring() const;

  descriptor listening_;
  std::uint16_t port_;
  descriptor wake_; ///< becomes readable when the tracker is to begin or to end
  std::atomic<bool> begun_ = false;
  std::atomic<bool> ending_ = false;
  tracker_protocol protocol_;
  double join_seconds_;
  listener tell_;
  mutable std::mutex lock_; ///< of the problem
  std::string problem_;
  std::thread thread_; ///< the last member: it uses the others
};

} // namespace fugato
