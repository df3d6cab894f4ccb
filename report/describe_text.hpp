// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table_profile.hpp"

#include <string>
#include <vector>

namespace fugato {

/// What is odd about a table, a sentence each; none where nothing is.
std::vector<std::string> oddities(const table_profile& x);

/// " (left out: 2 columns constant or full of gaps)"; nothing where all was used.
std::string left_out_text(const projection& p);

/// The description for a terminal.
std::string describe_text(const table_profile& x);

} // namespace fugato
