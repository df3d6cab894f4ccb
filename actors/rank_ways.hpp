// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

namespace fugato {

/// At which ports of its own machine a rank reaches the others. All ranks that live on the leader's machine reach each
/// other's ports; one that lives elsewhere has doors beside it, one to each of the others (rank_relay). For several
/// threads.
class rank_ways {
public:
  explicit rank_ways(std::uint32_t ranks) : ports_(ranks), doors_(ranks) {}

  /// @param port at which a rank awaits others
  void awaits(std::uint32_t rank, std::uint16_t port);

  /// @param doors of a rank to each of the others
  void has_doors(std::uint32_t rank, std::vector<std::uint16_t> doors);

  std::uint16_t between(std::uint32_t from, std::uint32_t to) const;

private:
  mutable std::mutex lock_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::vector<std::uint16_t>> doors_; ///< empty: none are needed
};

} // namespace fugato
