// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/html.hpp"

#include <string>
#include <vector>

/// The little of SVG that the pages need. Drawings that stretch with the page give x in percent of their width and y in
/// pixels, so that text and dots keep their size on every screen.
namespace fugato {

/// The text that shows while the pointer rests on what holds it.
std::string tooltip(const std::string& text);

/// "12.5%" for 0.125.
std::string percent(double part);

/// "12.5"
std::string pixels(double x);

/// Round numbers from 0 to at least `high`: steps of 1, 2 or 5 times a power of ten, about `count` of them.
std::vector<double> round_ticks(double high, int count);

} // namespace fugato
