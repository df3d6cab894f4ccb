// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/messages.hpp"
#include "actors/sockets.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace fugato {

/// Carries the TCP connections of XGBoost's ranks from machine to machine as pieces that others pass on, so that
/// nothing of them crosses a network by itself. Beside a rank stands a relay with a door to each other rank
/// and to the tracker: a port of this machine only. Who connects to a door is connected, by the other
/// side's relay, with the port at which its own party awaits others. Knows nothing of actors.
///
/// A party is listened to only while what it has said and the other one has not taken is less than `window`, so
/// that links do with little memory on all machines, however slow one is.
class rank_relay {
public:
  /// Of a link and direction, how much is on its way at most, but for one piece [bytes].
  static constexpr std::size_t window = std::size_t{4} << 20U;
  /// Of a piece [bytes].
  static constexpr std::size_t most_bytes = std::size_t{1} << 18U;

  /// Is told what is to be passed on, by the relay's thread; must not call the relay.
  using post = std::function<void(link_piece)>;

  /// @param own number on the links: a rank, or the number of ranks for the tracker
  /// @param doors how many; door n leads to number n
  /// @throws error(settings) when no port is to be had
  rank_relay(std::uint32_t own, std::uint32_t doors);
  /// As stop().
  ~rank_relay();
  rank_relay(const rank_relay&) = delete;
  rank_relay& operator=(const rank_relay&) = delete;

  std::vector<std::uint16_t> doors() const;

  /// The port of this machine at which the relay's own party awaits others, and the only one to which the relay
  /// connects whatever it is told; 0, as it is at first: nobody is awaited.
  std::atomic<std::uint16_t>& awaited_at() { return awaited_at_; }

  /// From now on connections are carried; once.
  void begin(post send);

  /// What the other side's relay has posted. From any thread.
  void take(const link_piece& x);

  /// Ends all links, so that whoever waits at one fails at once. From any thread.
  void cut();

  /// Opens no more links, passes on what was said on those that are, for two seconds at most, and ends them.
  void stop();

private:
  using link_name = std::pair<std::uint32_t, std::uint32_t>; ///< caller, number

  struct link {
    descriptor socket;
    std::uint32_t peer = 0;
    std::string unsent;          ///< to the local side,
    std::size_t sent = 0;        ///< but for so many bytes of it
    std::uint32_t taken = 0;     ///< by the local side, which the other side does not know of yet [bytes]
    std::size_t outstanding = 0; ///< said by the local side, of which the other has not told that it was taken [bytes]
    bool said_end = false;       ///< the local side has no more to say, and the other side knows
    bool heard_end = false;      ///< the reverse
    bool shut = false;           ///< the local side knows
  };

  struct polled;

  void serve();
  bool over() const;
  bool accept(std::uint32_t door, std::vector<link_piece>& out);
  void call(const link_piece& x);
  void read(const link_name& name, link& x, std::vector<link_piece>& out);
  static void hear(link& x, const std::string& bytes);
  static void flush(link& x);
  static std::size_t send(const link& x, std::string_view bytes);
  void sweep(std::vector<link_piece>& out);
  void ring() const;
  link_piece piece(piece_kind kind, const link_name& name, const link& x) const;

  const std::uint32_t own_;
  std::vector<descriptor> doors_;
  const descriptor wake_; ///< becomes readable when there is something new for the thread
  std::atomic<std::uint16_t> awaited_at_ = 0;
  post send_;
  std::string buffer_; ///< of the thread

  mutable std::mutex lock_; ///< of all below but the thread
  std::map<link_name, link> links_;
  std::uint32_t next_ = 0;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_at_;
  std::thread thread_;
};

} // namespace fugato
