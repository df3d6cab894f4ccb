// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Writes a matrix as numpy.load reads it (NPY format 1.0: little endian, C order).
/// Several in one file, behind one another, are read by as many calls of numpy.load
/// on the open file.
/// @param values rows x columns, row by row
void write_npy(std::ostream& out, std::span<const float> values, std::size_t rows, std::size_t columns);
void write_npy(std::ostream& out, std::span<const double> values, std::size_t rows, std::size_t columns);
void write_npy(std::ostream& out, std::span<const std::uint32_t> values, std::size_t rows, std::size_t columns);

/// What stands before the values of a matrix of float that is written piece by piece.
std::string npy_head(std::size_t rows, std::size_t columns);

template <class T>
struct npy_matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<T> values; ///< row by row
};

/// Reads what write_npy wrote. Trusts nothing: no more memory is taken than the
/// file is long. Errors are error(bad_model) that name the file and the matrix.
class npy_reader {
public:
  /// @throws error(bad_model) when the file cannot be read.
  explicit npy_reader(const std::string& path);

  /// The next matrix, of float, double or std::uint32_t.
  /// @param name for the errors
  /// @throws error(bad_model) unless it is there and whole, of that type, neither
  ///         empty nor, of floating point, with values that are not finite.
  template <class T>
  npy_matrix<T> next(std::string_view name);

  /// The same when its shape is known. @throws error(bad_model) for another one.
  template <class T>
  std::vector<T> next(std::string_view name, std::size_t rows, std::size_t columns);

  /// @throws error(bad_model) when more follows.
  void finish() const;

  /// @throws error(bad_model): `<file>: <name> must <what>`, unless it holds.
  void must(bool holds, std::string_view name, std::string_view what) const;

private:
  std::string path_;
  std::string bytes_;
  std::size_t at_ = 0;
};

} // namespace fugato
