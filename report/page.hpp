// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/html.hpp"

#include <string>
#include <string_view>

/// What all pages have in common. A page is one file that needs nothing but itself: styles, scripts, figures and
/// pictures are inside, and its Content-Security-Policy forbids every request to any host. It is light or dark as its
/// reader's system is, and fits a phone.
namespace fugato {

/// A drawing by Chart.js, as data. See https://www.chartjs.org/docs/3.9.1/ for the configuration, to which
/// report/page.js adds:
/// - a text "--blue" anywhere in it is the page's colour of that name (see report/page.css; --c0 to --c9 tell classes
///   apart), "--blue/0.4" the same with this opacity; they follow when the reader changes between light and dark;
/// - `tips` of a dataset, a text per point, are what shows while the pointer rests on it;
/// - charts fill the width that there is, without animation.
struct chart {
  std::string id;     ///< unique in its page: letters, digits, hyphens
  std::string title;  ///< what is shown, also for those who cannot see it
  unsigned height;    ///< pixels
  std::string config; ///< JSON
};

/// The chart as HTML. @throws error(internal) when `config` is no JSON
std::string chart_canvas(const chart& x);

/// JSON for a page's script, which finds it by its id; shown nowhere.
std::string data_element(const std::string& id, const std::string& json);

/// Where a page may turn to.
enum class reach {
  nowhere,
  own_server, ///< whoever served it, for pages that are told what goes on
};

/// A whole page. Chart.js and page.js are put in where the content needs them.
/// @param script runs after page.js; our own, never anything foreign
std::string page(const std::string& title, const std::string& content, std::string_view script = {},
                 reach to = reach::nowhere);

} // namespace fugato
