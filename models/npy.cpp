// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/npy.hpp"

#include "config/error.hpp"

#include <bit>
#include <ostream>
#include <string>

namespace fugato {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

void write_npy(std::ostream& out, std::span<const float> values, std::size_t rows, std::size_t columns) {
  if (values.size() != rows * columns)
    throw error(errc::internal, "an NPY matrix of " + std::to_string(rows) + " x " + std::to_string(columns) +
                                    " must have as many values, found " + std::to_string(values.size()));
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
  // magic, version, length and header together fill a multiple of 64 bytes; the header ends with a line end
  constexpr std::size_t before = 10;
  constexpr std::size_t alignment = 64;
  header.append(alignment - 1 - (before + header.size()) % alignment, ' ');
  header += '\n';
  out.write("\x93NUMPY\x01\x00", 8);
  out.put(static_cast<char>(header.size() & 0xFFU));
  out.put(static_cast<char>(header.size() >> 8U));
  out << header;
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

} // namespace fugato
