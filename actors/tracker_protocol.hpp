// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/rank_ways.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// The tracker's side of the protocol by which XGBoost's ranks (rabit, of XGBoost
/// 1.7) find each other. Knows nothing of sockets: bytes of connections go in,
/// bytes come out, so that each order of events can be tested without a network.
///
/// Numbers are 4 bytes, little endian; strings a number and so many bytes. Each
/// command has a connection of its own: both say 0xff99; the rank says its rank and
/// the world's size (-1 when it does not know them), its name, and the command:
///
///     print     and a text, for whoever started the ranks
///     shutdown  the rank is done
///     start     held until all are here. Then, rank by rank: the tracker says rank,
///               parent (-1: none), world, neighbours in the tree, previous and next
///               in the ring; then, until the rank reports no errors, the rank names
///               the neighbours that it is linked to, the tracker those that it must
///               connect to (host, which is this machine, port, rank) and how many to await, and the rank
///               counts its errors; last it says the port that it awaits them at.
class tracker_protocol {
public:
  using connection = std::uint32_t;

  enum class phase {
    gathering, ///< not all ranks are here
    linking,   ///< they are told of each other, one by one
    running,   ///< they need the tracker for messages only
    over,      ///< all have shut down
    failed     ///< see problem(); all connections are to be closed
  };

  /// What a rank said by `print`.
  struct message {
    std::uint32_t rank = 0;
    std::string text;
  };

  /// What is to be done with a connection.
  struct action {
    connection to = 0;
    std::string bytes;  ///< to be sent first
    bool close = false; ///< afterwards
  };

  /// @param names of the ranks, in order: whoever gives another is a stranger and refused
  /// @param ways learns at which ports ranks await others, and tells whom a rank finds at which
  tracker_protocol(std::vector<std::string> names, std::shared_ptr<rank_ways> ways);

  void opened(connection from);
  void received(connection from, std::string_view bytes);
  /// The peer has gone. A rank that goes before all are linked ends the attempt.
  void closed(connection from);
  /// Too much time has passed. @returns whether it ends the attempt: not once all are linked.
  bool expire(double after_seconds);

  std::vector<action> take_actions();
  std::vector<message> take_messages();
  phase at() const { return phase_; }
  const std::string& problem() const { return problem_; }

private:
  enum class step { greeting, introduction, text, waiting, links, errors, port };

  struct talk {
    step next = step::greeting;
    std::uint32_t rank = 0; ///< known after the introduction
    std::string unread;
  };

  struct seat {
    bool taken = false;
    connection by = 0;
    std::size_t awaited = 0; ///< neighbours that have still to connect to it
  };

  struct command {
    std::string_view name;
    void (tracker_protocol::*begin)(connection from, talk& x);
  };
  static const std::array<command, 3> commands;

  class cursor;

  bool advance(connection from, talk& x);
  bool greet(connection from, talk& x, cursor& in);
  bool introduce(connection from, talk& x, cursor& in);
  bool take_text(connection from, talk& x, cursor& in);
  bool take_links(connection from, talk& x, cursor& in);
  bool take_errors(talk& x, cursor& in);
  bool take_port(connection from, talk& x, cursor& in);
  void begin_start(connection from, talk& x);
  void begin_print(connection from, talk& x);
  void begin_shutdown(connection from, talk& x);
  void seat_next();
  std::vector<std::uint32_t> tree_neighbours(std::uint32_t rank) const;
  std::vector<std::uint32_t> neighbours(std::uint32_t rank) const;
  void send(connection to, std::string bytes);
  void close(connection to);
  void fail(std::string why);
  std::uint32_t world() const { return static_cast<std::uint32_t>(names_.size()); }

  std::vector<std::string> names_;
  std::shared_ptr<rank_ways> ways_;
  std::map<connection, talk> talks_;
  std::vector<seat> seats_;
  std::vector<std::uint32_t> to_connect_; ///< of the rank that is being linked
  std::size_t to_await_ = 0;
  std::uint32_t link_attempts_ = 0;
  std::uint32_t linking_ = 0; ///< rank
  std::uint32_t ended_ = 0;
  phase phase_ = phase::gathering;
  std::string problem_;
  std::vector<action> actions_;
  std::vector<message> messages_;
};

} // namespace fugato
