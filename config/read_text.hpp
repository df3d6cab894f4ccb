// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"

#include <string>

namespace fugato {

/// All bytes of a file or pipe. @throws error(blame) when it cannot be read.
std::string read_text(const std::string& path, errc blame);

} // namespace fugato
