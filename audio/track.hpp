// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>

namespace fugato {

/// A named recording with its genre; what a corpus lists.
struct track {
  std::uint32_t id = 0; ///< position in the corpus; fixes the row order of every output
  std::string path;     ///< where to read it; foreign text, to be shown by `printable` only
  std::string name;     ///< unique in the corpus, e.g. "blues.00000.wav"; row ids are <name>.<chunk>
  std::string label;    ///< genre; empty when not known
};

/// A track that could not be used, and why.
struct failure {
  track source;
  errc reason = errc::internal;
  std::string sentence;
};

/// What makes a track's rows doubtful, though it could be used.
struct warning {
  track source;
  std::string sentence;
};

} // namespace fugato
