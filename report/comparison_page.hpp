// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.hpp"

#include <span>
#include <string>
#include <vector>

namespace fugato {

/// Who worked on what in the median repetition of a cell.
struct task_stream {
  std::string cell;                ///< its name
  std::vector<trace_event> events; ///< start_us counts from the run's start
};

/// One HTML file that needs nothing but itself: no script, no font, no request to
/// any host; light and dark; readable on a phone.
/// @param streams of any of the cells
std::string comparison_page(const comparison& x, std::span<const task_stream> streams);

} // namespace fugato
