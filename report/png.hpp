// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/curves.hpp"
#include "report/colour_map.hpp"

#include <string>
#include <string_view>

namespace fugato {

/// A picture of numbers: a pixel each, row 0 at the bottom. A PNG with a palette, by libpng.
/// @param low,high the values of the first and the last colour; what lies beyond has these
/// @param levels colours to tell apart, at most 256: fewer make a smaller file
std::string png_of(const grid& values, double low, double high, const colour_map& map, unsigned levels = 256);

/// `data:<type>;base64,...`
std::string data_uri(std::string_view type, std::string_view bytes);

} // namespace fugato
