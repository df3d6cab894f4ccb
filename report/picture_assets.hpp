// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Files that are built into the program for pages with pictures; see cmake/EmbedFiles.cmake.
namespace fugato::assets {

extern const std::string_view magma;       ///< cmake/FindColourMaps.cmake
extern const std::string_view viridis;     ///< the same
extern const std::string_view rdbu;        ///< the same
extern const std::string_view explore_js;  ///< report/explore_page.js
extern const std::string_view describe_js; ///< report/describe_page.js

} // namespace fugato::assets
