// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace fugato {

/// Starts this very program once more; it writes nothing to stdout and has no descriptor but stderr.
/// @param inherited one that it finds as 3; -1: none
/// @throws error(internal) when the system refuses
pid_t spawn_program(const std::vector<std::string>& arguments, int inherited = -1);

} // namespace fugato
