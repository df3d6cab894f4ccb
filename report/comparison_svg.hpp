// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The little of HTML and SVG that the page of a comparison needs. Drawings that
/// stretch with the page give x in percent of their width and y in pixels, so that
/// text and dots keep their size on every screen.
namespace fugato {

using attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

/// `text` with & < > " escaped; control characters and bytes that are not UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

/// <name key="value" ...>content</name>; values are escaped, the content is taken as it is.
std::string element(std::string_view name, attributes attrs, const std::string& content = "");

/// The text that shows while the pointer rests on what holds it.
std::string tooltip(const std::string& text);

/// "12.5%" for 0.125.
std::string percent(double part);

/// "12.5"
std::string pixels(double x);

/// Round numbers from 0 to at least `high`: steps of 1, 2 or 5 times a power of ten, about `count` of them.
std::vector<double> round_ticks(double high, int count);

} // namespace fugato
