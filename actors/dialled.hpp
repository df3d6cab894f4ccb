// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/certificates.hpp"

#include <chrono>
#include <memory>

namespace fugato {

/// The worker's side: a connection to the leader's gate.
class dialled {
public:
  /// Connects and waits to be let in, at most @p limit for each of the two (the
  /// look-up of a name may take longer).
  /// @throws error(settings) when trying again is pointless: the ticket is wrong,
  ///         the leader refuses it, or what answers is not the leader;
  ///         error(read_error) when it may help: nobody listens (yet), no answer,
  ///         or all places taken
  explicit dialled(const join_ticket& ticket, std::chrono::milliseconds limit = std::chrono::milliseconds{3000});
  /// Ends the connection; what was written to the local socket is delivered as by
  /// gate::stop().
  ~dialled();
  dialled(const dialled&) = delete;
  dialled& operator=(const dialled&) = delete;

  /// The local stream socket through which to talk with the leader; it reads the
  /// end of file when the leader has closed. The caller becomes its owner.
  /// @returns -1 when it was taken before
  int take_plain_fd();

  /// Whether the connection is over.
  bool ended() const;

private:
  struct line;
  std::unique_ptr<line> line_;
};

} // namespace fugato
