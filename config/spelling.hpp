// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// The end of a sentence about a wrong name: `; did you mean 'x'?` for the
/// closest candidate (edit distance at most a third of its length, at least
/// 2), else a list of the candidates (cut after 12).
std::string hint(std::string_view wrong, const std::vector<std::string_view>& candidates);

} // namespace fugato
