// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace fugato {

/// Base64 with padding, in one line (RFC 4648).
std::string base64(std::string_view bytes);

} // namespace fugato
