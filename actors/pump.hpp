// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/tls.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace fugato {

/// Bytes moved by any number of pumps, as counted inside TLS.
struct traffic {
  std::atomic<std::uint64_t> in{0};  ///< from peers
  std::atomic<std::uint64_t> out{0}; ///< to peers
};

/// Copies between a TLS connection and one end of a local stream socket, both
/// ways, holding at most 64 KiB each way: a side that does not read stops the
/// other side's writing. When one side has no more to send, what it sent is
/// delivered, the other side is told, and may finish what it has to say within
/// @p linger; then both are shut down (not closed). Returns at once when the
/// connection breaks. To end it from another thread without losing what is on
/// its way, `::shutdown(plain, SHUT_RDWR)`.
void pump(tls_stream& tls, int plain, traffic& count,
          std::chrono::milliseconds linger = std::chrono::milliseconds{500});

} // namespace fugato
