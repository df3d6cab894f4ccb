// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>

namespace fugato {

/// Writes a matrix as numpy.load reads it (NPY format 1.0: float32, C order).
/// @param values rows x columns, row by row
void write_npy(std::ostream& out, std::span<const float> values, std::size_t rows, std::size_t columns);

} // namespace fugato
