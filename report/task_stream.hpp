// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/trace.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

/// Drawings of who worked on what when: a row a line, a box a stretch of work, on which the pointer may rest.
namespace fugato {

/// A class of report/page.css per category, in the order of their names.
using stream_colours = std::map<std::string, std::string>;

stream_colours colours_of(std::span<const trace_event> events);

/// A swatch a category.
std::string stream_legend(const stream_colours& colours);

/// When the last of the events ends [s], or `at_least`.
double stream_span(std::span<const trace_event> events, double at_least = 0);

/// The boxes, as SVG as wide as the page; the first 64 lines. @param span of the axis [s]
std::string stream_rows(std::span<const trace_event> events, double span, const stream_colours& colours);

/// The seconds below.
std::string stream_axis(double span);

/// At most about `most` events: of more, neighbours of a line and category become one, which says how many they are.
std::vector<trace_event> merged_events(std::span<const trace_event> events, std::size_t most);

} // namespace fugato
