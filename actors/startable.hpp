// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace fugato {

/// CAF aborts or hangs when a thread of its pool cannot be started: find out before.
/// @param threads of the pool; returned
/// @param setting that says how many
/// @throws error(settings) when the system does not allow so many and CAF's own
std::size_t startable(std::size_t threads, const std::string& setting);

} // namespace fugato
