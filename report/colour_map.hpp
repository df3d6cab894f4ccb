// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// Colours that stand for numbers. Published maps, from a Debian package's data (cmake/FindColourMaps.cmake).
namespace fugato {

struct colour {
  std::uint8_t red;
  std::uint8_t green;
  std::uint8_t blue;
};

struct colour_map {
  std::string_view name;
  std::string_view summary;
  std::array<colour, 256> colours; ///< of 0 to 1, evenly
};

/// "magma", "viridis", "rdbu".
const catalog<colour_map>& colour_maps();

/// The colour of a share in [0, 1]; of the nearest end beyond it.
colour colour_of(const colour_map& map, double share);

} // namespace fugato
