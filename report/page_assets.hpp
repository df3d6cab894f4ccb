// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Files that are built into the program; see cmake/EmbedFiles.cmake.
namespace fugato::assets {

extern const std::string_view chart_js; ///< Chart.js 3.9.1, of Debian's libjs-chart.js
extern const std::string_view live_js;  ///< report/live.js
extern const std::string_view page_css; ///< report/page.css
extern const std::string_view page_js;  ///< report/page.js

} // namespace fugato::assets
