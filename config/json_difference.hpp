// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

/// Where two JSON texts differ first, for people: `/features/n_fft: 2048 there, 1024 here`;
/// empty when they do not.
std::string json_difference(const std::string& there, const std::string& here);

} // namespace fugato
