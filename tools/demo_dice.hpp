// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tools/demo_style.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace fugato::demo {

/// The 32-bit FNV-1a hash (Fowler, Noll, Vo).
constexpr std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 0x811c9dc5;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

/// Random draws that are the same everywhere: the standard fixes the sequence
/// of std::mt19937 but not what its distributions make of it.
class dice {
public:
  explicit dice(std::string_view seed) : engine_(fnv1a(seed)) {}

  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(engine_()) / 4294967296.0; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  double in(const range& r) { return between(r.low, r.high); }
  bool chance(double p) { return unit() < p; }
  /// Uniform in 0 ... n - 1, of n > 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }
  int whole(int low, int high) { return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1))); }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

private:
  std::mt19937 engine_;
};

} // namespace fugato::demo
