// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <string>

namespace fugato {

/// Discrete Fourier transform of n real samples, in single precision. Cheap to
/// make and to copy: plans are made once a size and shared by all threads, so
/// equal input gives equal bits everywhere in the process.
class real_fft {
public:
  /// @throws error(internal) if no plan can be made, e.g. for n = 0.
  explicit real_fft(std::size_t n);

  std::size_t size() const { return size_; }
  std::size_t bins() const { return size_ / 2 + 1; }

  /// X[k] = sum_j x[j] exp(-2 pi i j k / n) for k = 0 .. n/2. Both arrays start
  /// at a 16-byte boundary.
  void forward(const float* x, std::complex<float>* bins) const;

  /// x[j] = sum over all n bins of X[k] exp(2 pi i j k / n): n times what was
  /// transformed. Destroys the bins.
  void inverse(std::complex<float>* bins, float* x) const;

private:
  struct plans;
  static const plans& plans_of(std::size_t n);

  std::size_t size_;
  const plans* plans_;
};

/// Of the FFT library, for manifests; e.g. "fftw-3.3.10-sse2-avx".
std::string fft_version();

} // namespace fugato
