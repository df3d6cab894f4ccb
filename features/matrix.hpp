// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <vector>

namespace fugato {

/// Memory at 64-byte boundaries: whole cache lines, and the alignment that FFT plans are made for.
template <class T>
struct aligned_allocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  aligned_allocator() = default;
  template <class U>
  aligned_allocator(const aligned_allocator<U>&) {}

  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, alignment); }

  friend bool operator==(const aligned_allocator&, const aligned_allocator&) { return true; }
};

template <class T>
using aligned_vector = std::vector<T, aligned_allocator<T>>;

/// Makes room for `n` values; never gives memory back, so that chunks of the
/// same length cost no allocation.
template <class T>
void grow(aligned_vector<T>& v, std::size_t n) {
  if (v.size() < n)
    v.resize(n);
}

/// Frames that loops over a matrix treat side by side.
inline constexpr std::size_t tile = 16;

constexpr std::size_t round_up(std::size_t n, std::size_t multiple) { return (n + multiple - 1) / multiple * multiple; }

/// Real values, rows (bins, bands) x columns (frames), as librosa lays them out:
/// a row's frames lie side by side. Rows are padded to whole tiles; what is in
/// the padding is up to the writer, but must be a number.
class matrix {
public:
  /// Values are undefined afterwards.
  void reshape(std::size_t rows, std::size_t columns) {
    rows_ = rows;
    columns_ = columns;
    stride_ = round_up(columns, tile);
    grow(values_, rows_ * stride_ + tile); // a whole tile can be read from any column
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  /// Values from a row to the next: the columns rounded up to whole tiles.
  std::size_t stride() const { return stride_; }

  float* row(std::size_t r) { return values_.data() + r * stride_; }
  const float* row(std::size_t r) const { return values_.data() + r * stride_; }
  /// A row without its padding.
  std::span<const float> operator[](std::size_t r) const { return {row(r), columns_}; }

private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t stride_ = 0;
  aligned_vector<float> values_;
};

/// Real values, rows (bins) x columns (frames), tile after tile: the 16 frames of a tile side by side,
/// row after row. What is made of a spectrum goes by tiles, and a tile of 1025 bins fits a core's own cache.
class tiled {
public:
  /// Values are undefined afterwards.
  void reshape(std::size_t rows, std::size_t columns) {
    rows_ = rows;
    columns_ = columns;
    grow(values_, rows_ * tiles() * tile);
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t tiles() const { return (columns_ + tile - 1) / tile; }
  /// Frames of tile i: 16, or fewer in the last.
  std::size_t frames_of(std::size_t i) const { return std::min(tile, columns_ - i * tile); }

  /// Rows x 16 values; those of frames that are not there are zero.
  float* operator[](std::size_t i) { return values_.data() + i * rows_ * tile; }
  const float* operator[](std::size_t i) const { return values_.data() + i * rows_ * tile; }
  float operator()(std::size_t row, std::size_t column) const {
    return (*this)[column / tile][row * tile + column % tile];
  }

private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  aligned_vector<float> values_;
};

} // namespace fugato
