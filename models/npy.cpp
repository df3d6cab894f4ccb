// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/npy.hpp"

#include "config/error.hpp"
#include "config/read_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstring>
#include <fmt/format.h>
#include <ostream>
#include <string>

namespace fugato {
namespace {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

constexpr std::string_view magic("\x93NUMPY\x01\x00", 8);

/// numpy's name of the type.
template <class T>
std::string_view type_name() {
  if constexpr (std::same_as<T, float>)
    return "<f4";
  else if constexpr (std::same_as<T, double>)
    return "<f8";
  else
    return "<u4";
}

std::string beginning(std::string_view type) {
  return fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (", type);
}

/// All that stands before the values.
std::string header(std::string_view type, std::size_t rows, std::size_t columns) {
  std::string text = fmt::format("{}{}, {}), }}", beginning(type), rows, columns);
  // magic, length and text together fill a multiple of 64 bytes; the text ends with a line end
  constexpr std::size_t before = magic.size() + 2;
  constexpr std::size_t alignment = 64;
  text.append(alignment - 1 - (before + text.size()) % alignment, ' ');
  text += '\n';
  std::string result(magic);
  result += static_cast<char>(text.size() & 0xFFU);
  result += static_cast<char>(text.size() >> 8U);
  return result + text;
}

template <class T>
void write(std::ostream& out, std::span<const T> values, std::size_t rows, std::size_t columns) {
  if (values.size() != rows * columns)
    throw error(errc::internal, fmt::format("an NPY matrix of {} x {} must have as many values, found {}", rows,
                                            columns, values.size()));
  out << header(type_name<T>(), rows, columns);
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

/// Cuts a number and the text that follows it off the front. @returns 0 when they are not there.
std::size_t take_number(std::string_view& text, std::string_view then) {
  std::size_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (status != std::errc{} || !text.starts_with(then))
    return 0;
  text.remove_prefix(then.size());
  return value;
}

} // namespace

void write_npy(std::ostream& out, std::span<const float> values, std::size_t rows, std::size_t columns) {
  write(out, values, rows, columns);
}

void write_npy(std::ostream& out, std::span<const double> values, std::size_t rows, std::size_t columns) {
  write(out, values, rows, columns);
}

void write_npy(std::ostream& out, std::span<const std::uint32_t> values, std::size_t rows, std::size_t columns) {
  write(out, values, rows, columns);
}

std::string npy_head(std::size_t rows, std::size_t columns) { return header(type_name<float>(), rows, columns); }

npy_reader::npy_reader(const std::string& path) : path_(path), bytes_(read_text(path, errc::bad_model)) {}

void npy_reader::must(bool holds, std::string_view name, std::string_view what) const {
  if (!holds)
    throw error(errc::bad_model, fmt::format("{}: {} must {}", path_, name, what));
}

template <class T>
npy_matrix<T> npy_reader::next(std::string_view name) {
  const std::string_view rest = std::string_view(bytes_).substr(at_);
  std::string_view text = rest.substr(std::min(rest.size(), magic.size() + 2));
  const std::string begin = beginning(type_name<T>());
  const bool begins = text.starts_with(begin);
  text.remove_prefix(begins ? begin.size() : text.size());
  npy_matrix<T> result;
  result.rows = take_number(text, ", ");
  result.columns = take_number(text, "), }");
  // the shape is known now, and with it each byte that write_npy puts before the values
  const std::string expected = header(type_name<T>(), result.rows, result.columns);
  must(result.rows > 0 && result.columns > 0 && rest.starts_with(expected), name,
       fmt::format("be a matrix of {} that is not empty, as write_npy writes it", type_name<T>()));

  const std::size_t room = (rest.size() - expected.size()) / sizeof(T);
  must(result.columns <= room && result.rows <= room / result.columns, name,
       fmt::format("have {} x {} values, but the file ends before", result.rows, result.columns));
  result.values.resize(result.rows * result.columns);
  std::memcpy(result.values.data(), rest.data() + expected.size(), result.values.size() * sizeof(T));
  at_ += expected.size() + result.values.size() * sizeof(T);
  if constexpr (std::floating_point<T>)
    must(std::all_of(result.values.begin(), result.values.end(), [](T x) { return std::isfinite(x); }), name,
         "be finite");
  return result;
}

template npy_matrix<float> npy_reader::next(std::string_view);
template npy_matrix<double> npy_reader::next(std::string_view);
template npy_matrix<std::uint32_t> npy_reader::next(std::string_view);

template <class T>
std::vector<T> npy_reader::next(std::string_view name, std::size_t rows, std::size_t columns) {
  npy_matrix<T> result = next<T>(name);
  must(result.rows == rows && result.columns == columns, name,
       fmt::format("be {} x {}, found {} x {}", rows, columns, result.rows, result.columns));
  return std::move(result.values);
}

template std::vector<float> npy_reader::next(std::string_view, std::size_t, std::size_t);
template std::vector<double> npy_reader::next(std::string_view, std::size_t, std::size_t);
template std::vector<std::uint32_t> npy_reader::next(std::string_view, std::size_t, std::size_t);

void npy_reader::finish() const {
  if (at_ != bytes_.size())
    throw error(errc::bad_model,
                fmt::format("{}: must end after its last matrix, but {} bytes follow", path_, bytes_.size() - at_));
}

} // namespace fugato
