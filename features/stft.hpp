// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/fft.hpp"
#include "features/matrix.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace fugato {

/// What lies beyond the ends of a chunk.
enum class padding { zero, reflect };

/// @throws error(settings) for anything but "zero" and "reflect".
padding padding_named(std::string_view name);

/// Periodic Hann window, w[j] = (1 - cos(2 pi j / n)) / 2.
std::vector<float> hann(std::size_t n);

/// Puts `by` samples before and after y: zeros, or y mirrored at its first and
/// last sample (d c b | a b c d | c b a), again and again if y is short.
void pad(std::span<const float> y, std::size_t by, padding how, aligned_vector<float>& out);

/// Short-time Fourier transform of centred, Hann-windowed frames and its
/// inverse (librosa.stft, librosa.istft). Frame t is centred on sample
/// t * hop_length; there are 1 + samples / hop_length of them.
class stft {
public:
  stft(std::size_t n_fft, std::size_t hop_length, padding how);

  std::size_t n_fft() const { return fft_.size(); }
  std::size_t hop_length() const { return hop_; }
  std::size_t bins() const { return fft_.bins(); }
  std::size_t frames(std::size_t samples) const { return 1 + samples / hop_; }

  /// D[k, t] = sum_j w[j] y[t hop - n_fft/2 + j] exp(-2 pi i j k / n_fft), and
  /// |D|^2, whose padding is zero.
  void forward(std::span<const float> y, spectrum& d, matrix& power);

  /// The n_fft samples that a frame's bins stand for, windowed once more, as
  /// overlap-add wants them. Destroys the bins; valid until the next call.
  std::span<const float> frame_samples(std::complex<float>* bins);

  /// Sum over frames of w^2 at each of `samples` samples: what overlap-added
  /// frames are divided by. Valid until asked for another length.
  std::span<const float> window_sum(std::size_t samples);

private:
  real_fft fft_;
  std::size_t hop_;
  padding padding_;
  std::vector<float> window_;
  aligned_vector<float> padded_;
  aligned_vector<float> frame_;
  aligned_vector<float> window_sum_;
  std::size_t summed_ = 0; ///< samples that window_sum_ is of
};

} // namespace fugato
