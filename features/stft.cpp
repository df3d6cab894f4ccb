// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/stft.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <string>

namespace fugato {

padding padding_named(std::string_view name) {
  if (name == "zero")
    return padding::zero;
  if (name == "reflect")
    return padding::reflect;
  throw error(errc::settings, "/features/padding must be \"zero\" or \"reflect\"; it is \"" + std::string(name) + "\"");
}

void pad(std::span<const float> y, std::size_t by, padding how, aligned_vector<float>& out) {
  const std::size_t n = y.size();
  grow(out, n + 2 * by);
  std::copy(y.begin(), y.end(), out.begin() + static_cast<std::ptrdiff_t>(by));
  if (how == padding::zero) {
    std::fill_n(out.begin(), by, 0.0f);
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(by + n), by, 0.0f);
    return;
  }
  // Going on from either end, a mirrored signal repeats after 2 (n - 1) samples; a single sample is held.
  const std::size_t period = std::max<std::size_t>(1, 2 * (n - 1));
  for (std::size_t i = 1; i <= by; ++i) {
    const std::size_t from_start = i % period;
    const std::size_t near = std::min(from_start, period - from_start);
    const std::size_t mirrored = n == 1 ? 0 : near;
    out[by - i] = y[mirrored];
    out[by + n - 1 + i] = y[n - 1 - mirrored];
  }
}

stft::stft(std::size_t n_fft, std::size_t hop_length, padding how, const instruction_set& isa)
    : kernels_(isa.table),
      fft_(n_fft, isa),
      hop_(hop_length),
      padding_(how),
      window_(hann(n_fft)),
      stride_(round_up(tile + (n_fft - 1) / hop_length, 8)),
      columns_(std::max(stride_, tile)),
      turned_(std::max(hop_length * stride_, n_fft * tile)) {
  for (std::size_t j = 0; j < n_fft; ++j) {
    by_hop_.push_back(static_cast<std::uint32_t>(j % hop_ * stride_ + j / hop_));
    one_by_one_.push_back(static_cast<std::uint32_t>(j * tile));
  }
}

void stft::begin(std::span<const float> y) {
  count_ = frames(y.size());
  // Whole tiles and what their last frames overlap can be read, whatever is there.
  grow(padded_, (round_up(count_, tile) + stride_) * hop_);
  pad(y, n_fft() / 2, padding_, padded_);
}

std::size_t stft::frames_of(std::size_t i) const { return std::min(tile, count_ - i * tile); }

void stft::load_tile(std::size_t i) {
  for (std::size_t c = 0; c < stride_; ++c)
    columns_[c] = padded_.data() + (i * tile + c) * hop_;
  kernels_->interleave(columns_.data(), stride_, hop_, turned_.data(), stride_);
}

void stft::power(std::size_t i, float* power, float* low) {
  load_tile(i);
  fft_.power(turned_.data(), by_hop_.data(), frames_of(i), power, low);
}

void stft::transform(std::size_t i, float* bins) {
  load_tile(i);
  fft_.transform(turned_.data(), by_hop_.data(), frames_of(i), bins);
}

void stft::transform(std::span<const std::size_t> frames, float* bins) {
  for (std::size_t l = 0; l < frames.size(); ++l)
    columns_[l] = padded_.data() + frames[l] * hop_;
  transform(std::span<const float* const>(columns_).first(frames.size()), bins);
}

void stft::transform(std::span<const float* const> frames, float* bins) {
  kernels_->interleave(frames.data(), frames.size(), n_fft(), turned_.data(), tile);
  fft_.transform(turned_.data(), one_by_one_.data(), frames.size(), bins);
}

std::span<const float> stft::window_sum(std::size_t samples) {
  if (samples != summed_) {
    grow(window_sum_, samples);
    std::fill_n(window_sum_.begin(), samples, 0.0f);
    const std::size_t half = n_fft() / 2;
    for (std::size_t t = 0; t < frames(samples); ++t) {
      const std::size_t centre = t * hop_;
      const std::size_t first = centre < half ? half - centre : 0;
      const std::size_t last = std::min(n_fft(), samples + half - centre);
      for (std::size_t j = first; j < last; ++j)
        window_sum_[centre + j - half] += window_[j] * window_[j];
    }
    summed_ = samples;
  }
  return {window_sum_.data(), samples};
}

} // namespace fugato
