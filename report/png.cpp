// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/png.hpp"

#include "config/base64.hpp"
#include "config/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <png.h>
#include <vector>

namespace fugato {
namespace {

[[noreturn]] void refuse(png_structp, png_const_charp why) {
  throw error(errc::internal, std::string("libpng must write a picture, but says: ") + why);
}

void ignore(png_structp, png_const_charp) {}

/// libpng's two structures, and what it writes.
class png_writer {
public:
  png_writer()
      : png_(png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, refuse, ignore)),
        info_(png_create_info_struct(png_)) {
    png_set_write_fn(
        png_, &bytes_,
        [](png_structp png, png_bytep from, png_size_t n) {
          static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(from), n);
        },
        nullptr);
  }
  ~png_writer() { png_destroy_write_struct(&png_, &info_); }
  png_writer(const png_writer&) = delete;
  png_writer& operator=(const png_writer&) = delete;

  std::string write(std::vector<std::vector<png_byte>>& rows, const std::vector<png_color>& palette) {
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(rows.front().size()), static_cast<png_uint_32>(rows.size()), 8,
                 PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png_, info_, palette.data(), static_cast<int>(palette.size()));
    png_set_compression_level(png_, 9);
    png_write_info(png_, info_);
    for (auto& row : rows)
      png_write_row(png_, row.data());
    png_write_end(png_, nullptr);
    return bytes_;
  }

private:
  std::string bytes_;
  png_structp png_;
  png_infop info_;
};

} // namespace

std::string png_of(const grid& values, double low, double high, const colour_map& map, unsigned levels) {
  if (values.rows == 0 || values.columns == 0 || levels < 2 || levels > 256)
    throw error(errc::internal, "a picture must have pixels and 2 to 256 levels; it is " +
                                    std::to_string(values.columns) + " x " + std::to_string(values.rows) + " of " +
                                    std::to_string(levels));
  std::vector<png_color> palette;
  for (unsigned i = 0; i < levels; ++i) {
    const colour c = colour_of(map, static_cast<double>(i) / (levels - 1));
    palette.push_back({c.red, c.green, c.blue});
  }
  std::vector<std::vector<png_byte>> rows(values.rows, std::vector<png_byte>(values.columns));
  for (std::size_t r = 0; r < values.rows; ++r)
    for (std::size_t c = 0; c < values.columns; ++c) {
      const double share = (double{values.at(values.rows - 1 - r, c)} - low) / (high - low);
      rows[r][c] = static_cast<png_byte>(std::lround((levels - 1) * (share > 0 ? std::min(share, 1.0) : 0.0)));
    }
  return png_writer().write(rows, palette);
}

std::string data_uri(std::string_view type, std::string_view bytes) {
  return "data:" + std::string(type) + ";base64," + base64(bytes);
}

} // namespace fugato
