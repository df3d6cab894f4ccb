// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/fft.hpp"
#include "features/kernels.hpp"
#include "features/matrix.hpp"

#include <optional>
#include <vector>

namespace fugato {

/// Periodic Hann window, w[j] = (1 - cos(2 pi j / n)) / 2.
std::vector<float> hann(std::size_t n);

/// Hann-windowed transforms of 16 frames side by side. Powers of 2 go by the kernels, other sizes, and all of the
/// instruction set `reference`, through FFTW frame by frame.
///
/// Sample j of frame l is signal[offsets[j] + l]: frames that overlap can share their samples. Lanes beyond
/// `frames` are zero in powers, and undefined in bins. All arrays start at 64-byte boundaries.
class batch_fft {
public:
  batch_fft(std::size_t n, const instruction_set& isa);

  std::size_t size() const { return window_.size(); }
  std::size_t bins() const { return size() / 2 + 1; }

  /// |X[k]|^2. @param power bins x 16 @param low 2 x 16: Re X[0], Re X[1]
  void power(const float* signal, const std::uint32_t* offsets, std::size_t frames, float* power, float* low);

  /// X[k] = sum_j w[j] x[j] exp(-2 pi i j k / n). @param bins bins x 2 x 16, real and imaginary parts
  void transform(const float* signal, const std::uint32_t* offsets, std::size_t frames, float* bins);

  /// The samples that bins stand for, times the window once more. @param samples n x 16
  void inverse(const float* bins, float* samples);

private:
  /// One frame by FFTW into bins_.
  void transform_one(const float* signal, const std::uint32_t* offsets);

  const kernels* kernels_;
  std::optional<batch_plan> plan_; ///< one of the two
  std::optional<real_fft> fftw_;
  std::vector<float> window_;
  aligned_vector<double> work_;
  aligned_vector<float> frame_;
  aligned_vector<std::complex<float>> bins_;
};

} // namespace fugato
