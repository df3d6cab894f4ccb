// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace fugato {

struct ogg_pages {
  std::size_t intact = 0;  ///< bytes of the pages before the first bad one
  std::string damage;      ///< a clause; empty when all pages are sound
  bool audio = false;      ///< a sound page ends a packet behind the headers
  bool ended = false;      ///< a sound page ends a stream
  std::size_t chained = 0; ///< where a further stream begins behind the first; 0: nowhere
};

/// Checks length, checksum and sequence of the pages of an Ogg file (RFC 3533).
/// libogg drops a bad page silently and the decoder bridges the gap. Bytes that
/// begin no page, such as a tag at the end, stop the check and are no damage.
ogg_pages check_ogg_pages(std::span<const std::byte> bytes);

} // namespace fugato
