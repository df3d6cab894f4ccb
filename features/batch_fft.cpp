// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/batch_fft.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace fugato {

std::vector<float> hann(std::size_t n) {
  std::vector<float> w(n);
  for (std::size_t j = 0; j < n; ++j)
    w[j] = static_cast<float>(0.5 -
                              0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n)));
  return w;
}

batch_fft::batch_fft(std::size_t n, const instruction_set& isa) : kernels_(isa.table), window_(hann(n)) {
  if (std::has_single_bit(n) && n >= 64 && !isa.fftw) {
    plan_.emplace(n);
    work_.resize(batch_work(*plan_));
  } else {
    fftw_.emplace(n);
    frame_.resize(n);
    bins_.resize(bins());
  }
}

void batch_fft::transform_one(const float* signal, const std::uint32_t* offsets) {
  for (std::size_t j = 0; j < size(); ++j)
    frame_[j] = window_[j] * signal[offsets[j]];
  fftw_->forward(frame_.data(), bins_.data());
}

void batch_fft::power(const float* signal, const std::uint32_t* offsets, std::size_t frames, float* power, float* low) {
  if (plan_)
    return kernels_->power(*plan_, signal, offsets, frames, work_.data(), power, low);
  std::fill_n(power, bins() * tile, 0.0f);
  for (std::size_t l = 0; l < frames; ++l) {
    transform_one(signal + l, offsets);
    for (std::size_t k = 0; k < bins(); ++k)
      power[k * tile + l] = bins_[k].real() * bins_[k].real() + bins_[k].imag() * bins_[k].imag();
    low[l] = bins_[0].real();
    low[tile + l] = bins_[1].real();
  }
}

void batch_fft::transform(const float* signal, const std::uint32_t* offsets, std::size_t frames, float* bins) {
  if (plan_)
    return kernels_->bins(*plan_, signal, offsets, frames, work_.data(), bins);
  for (std::size_t l = 0; l < frames; ++l) {
    transform_one(signal + l, offsets);
    for (std::size_t k = 0; k < this->bins(); ++k) {
      bins[2 * k * tile + l] = bins_[k].real();
      bins[(2 * k + 1) * tile + l] = bins_[k].imag();
    }
  }
}

void batch_fft::inverse(const float* bins, float* samples) {
  if (plan_)
    return kernels_->samples(*plan_, bins, work_.data(), samples);
  const float scale = 1 / static_cast<float>(size());
  for (std::size_t l = 0; l < tile; ++l) {
    for (std::size_t k = 0; k < this->bins(); ++k)
      bins_[k] = {bins[2 * k * tile + l], bins[(2 * k + 1) * tile + l]};
    fftw_->inverse(bins_.data(), frame_.data());
    for (std::size_t j = 0; j < size(); ++j)
      samples[j * tile + l] = frame_[j] * (window_[j] * scale);
  }
}

} // namespace fugato
