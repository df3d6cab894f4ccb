// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// The bytes of a regular file. Opening never blocks (as it would on a FIFO)
/// and never has side effects (as on a device).
/// @param max_bytes larger files are refused before anything is allocated
/// @param root where given, the path is relative to it and must stay beneath it,
///        links included (openat2, RESOLVE_BENEATH): else permission
/// @throws error not_found, permission, not_regular, too_large; read_error when
///         the medium fails or the file changes while it is read. `what()`
///         starts with the path.
std::vector<std::byte> read_file(const std::string& path, std::uint64_t max_bytes, const std::string& root = {});

} // namespace fugato
