// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table_profile.hpp"

#include <string>

namespace fugato {

/// The description as one page: classes, oddities, statistics, correlation, distributions by class, projection.
std::string describe_page(const table_profile& x);

} // namespace fugato
