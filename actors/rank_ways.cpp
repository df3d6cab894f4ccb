// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/rank_ways.hpp"

#include <utility>

namespace fugato {

void rank_ways::awaits(std::uint32_t rank, std::uint16_t port) {
  const std::lock_guard hold{lock_};
  ports_.at(rank) = port;
}

void rank_ways::has_doors(std::uint32_t rank, std::vector<std::uint16_t> doors) {
  const std::lock_guard hold{lock_};
  doors_.at(rank) = std::move(doors);
}

std::uint16_t rank_ways::between(std::uint32_t from, std::uint32_t to) const {
  const std::lock_guard hold{lock_};
  return doors_.at(from).empty() ? ports_.at(to) : doors_[from].at(to);
}

} // namespace fugato
