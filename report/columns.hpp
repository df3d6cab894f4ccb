// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/uncertainty.hpp"

#include <string>
#include <vector>

/// Tables for a terminal.
namespace fugato {

using table_line = std::vector<std::string>;

/// Lines of equally many cells as columns, two blanks apart: the first flush left, the others flush right.
std::string in_columns(const std::vector<table_line>& lines);

/// "0.6200 +- 0.0283"; without the deviation for a single value, "-" for none.
std::string spread_text(const figure_spread& x);

} // namespace fugato
