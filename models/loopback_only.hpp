// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace fugato {

/// While it lives, IPv4 sockets that this thread binds to all addresses of the machine are bound to its loopback alone.
/// XGBoost's ranks await each other at a port of every interface, without a password, and have no setting
/// for it. Works for whatever is loaded: this program's `bind` stands in for the system's.
class loopback_only {
public:
  /// @param port is told the port of each socket that it deals with; or null
  explicit loopback_only(std::atomic<std::uint16_t>* port = nullptr);
  ~loopback_only();
  loopback_only(const loopback_only&) = delete;
  loopback_only& operator=(const loopback_only&) = delete;

  /// How many sockets it has dealt with.
  std::size_t moved() const;
};

} // namespace fugato
