// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/settings.hpp"

#include <string>
#include <vector>

namespace fugato {

/// Defaults, overridden by the file (unless empty), overridden by `--set`
/// assignments in their order. Paths in the file count from its folder, those of
/// `--set` from the current one.
/// @throws error(settings), error(usage)
run_settings load_settings(const std::string& file, const std::vector<std::string>& assignments);

/// The same from a text in place of a file; paths in it are absolute.
/// @param name for the errors
run_settings parse_settings(const std::string& text, const std::string& name,
                            const std::vector<std::string>& assignments);

} // namespace fugato
