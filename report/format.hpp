// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// Numbers for people, as texts and pages show them.
namespace fugato {

/// "131.2 s", "1.932 s", "31.2 ms".
std::string short_time(double seconds);

/// "12.3 MB"; steps of 1000.
std::string short_bytes(double bytes);

/// "1.94", "12.3"; "-" where there is none.
std::string short_number(double x);

/// "97 %", "0.4 %"; "-" where there is none.
std::string short_percent(double part);

/// "4 tracks", "1 track".
std::string counted(double n, const std::string& noun);

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& items);

} // namespace fugato
