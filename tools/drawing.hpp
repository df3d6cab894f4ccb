// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fugato {

/// Makes a PNG beside each SVG file, of twice its size, by `rsvg-convert` (librsvg, the renderer of GNOME). A program
/// of its own, since linking it would give every worker process its thirty libraries to load.
/// @returns how many were made; fewer than asked for, with a warning, where the program is missing or fails
std::size_t draw_png(const std::vector<std::string>& svg_files);

} // namespace fugato
