// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

/// For tests of what happens when a worker dies or hangs over a track: the
/// environment variable FUGATO_FAULT, as `crash:TEXT`, `hang:TEXT` or `slow:TEXT`, makes the
/// process abort, sleep for ever, or sleep for 0.3 s, at a track whose path holds TEXT.
void simulate_fault(const std::string& path);

} // namespace fugato
