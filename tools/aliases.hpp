// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fugato {

using alias = std::pair<std::string, std::string>; ///< what stands there, what it is to be

/// `Hip-Hop=hiphop` as typed: parted at the first `=`; what comes behind may be empty.
/// @throws error(usage) where there is no `=` or nothing before it
alias parse_alias(const std::string& text);

/// Lines `genre,label` (CSV); lines that begin with `#` are skipped. @throws error(settings)
std::vector<alias> read_aliases(const std::string& path);

} // namespace fugato
