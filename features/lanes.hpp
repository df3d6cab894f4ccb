// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstring>

namespace fugato {

/// Four floats that are treated alike, for loops in which the compiler finds
/// no vector by itself. (A vector type of GCC and Clang, on any machine.)
using lanes [[gnu::vector_size(16)]] = float;
inline constexpr std::size_t lane_count = 4;

inline lanes load(const float* p) {
  lanes v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store(float* p, lanes v) { std::memcpy(p, &v, sizeof v); }

inline lanes lower(lanes a, lanes b) { return a < b ? a : b; }
inline lanes upper(lanes a, lanes b) { return a > b ? a : b; }

} // namespace fugato
