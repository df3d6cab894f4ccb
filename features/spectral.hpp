// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"
#include "features/matrix.hpp"

#include <cstdint>
#include <span>

/// Shape of the spectrum, for a tile of 16 frames at once. S is |STFT| and P is |STFT|^2, both bins x 16; f[k] = k
/// bin_hz is a bin's frequency; every `out` has 16 values unless said otherwise.
namespace fugato {

/// Sums over the bins of each of 16 frames.
struct frame_moments {
  double sum[tile];    ///< of S
  float centre[tile];  ///< mean bin, weighted by S; 0 for silence
  float running[tile]; ///< of S in single precision, from bin 0 up
};

void spectral_moments(const kernels& k, const float* magnitude, std::size_t bins, frame_moments& out);

/// Mean frequency, weighted by magnitude: sum f S / sum S [Hz]; 0 for silence.
/// librosa.feature.spectral_centroid.
void spectral_centroid(const frame_moments& moments, double bin_hz, float* out);

/// (sum S |f - centroid|^p / sum S)^(1/p) [Hz], p = 2, 3, 4; 0 for silence.
/// librosa.feature.spectral_bandwidth. @param out 3 x 16, `stride` apart
void spectral_bandwidths(const kernels& k, const float* magnitude, std::size_t bins, const frame_moments& moments,
                         double bin_hz, float* out, std::size_t stride);

/// The lowest f[k] with S[0] + ... + S[k] >= 0.85 sum S [Hz]; 0 for silence. The sum is
/// taken in single precision from bin 0 up, as numpy does: other orders
/// give another bin where it is close. librosa.feature.spectral_rolloff.
void spectral_rolloff(const kernels& k, const float* magnitude, std::size_t bins, const frame_moments& moments,
                      double bin_hz, float* out);

/// Geometric by arithmetic mean of max(1e-10, P), in (0, 1]: 1 for a flat spectrum.
/// librosa.feature.spectral_flatness.
void spectral_flatness(const kernels& k, const float* power, std::size_t bins, float* out);

inline constexpr std::size_t contrast_bands = 7;

/// Whether the octave bands of spectral_contrast have bins enough: the top one
/// (from 6400 Hz) starts below rate / 2, bins are at most 200 Hz apart.
bool contrast_fits(std::uint32_t rate, std::size_t n_fft);

/// Peak against valley in the bands up to 200, 400, ... 6400 Hz and above: the
/// mean of the strongest 2 % of a band's magnitudes against that of the weakest 2 %,
/// 10 log10 each, at most 80 dB below its own largest of all frames [dB].
/// librosa.feature.spectral_contrast; Jiang et al., "Music type classification by
/// spectral contrast feature", ICME 2002.
class contrast {
public:
  /// Bands that do not fit (see contrast_fits) are left out.
  contrast(std::uint32_t rate, std::size_t n_fft);

  /// Both means in decibels. @param valleys, peaks 7 x 16, `stride` apart
  void levels(const kernels& k, const float* magnitude, float* valleys, float* peaks, std::size_t stride);

  /// Of the levels of all frames: peaks above valleys. @param out 7 bands x frames
  static void difference(matrix& valleys, matrix& peaks, std::span<float> out);

private:
  /// Bins of a band, and how many of them make its peak and its valley.
  struct octave {
    std::size_t first;
    std::size_t last; ///< one past
    std::size_t extremes;
  };
  static octave octave_of(std::size_t band, std::size_t bins, double bin_hz);

  std::vector<octave> octaves_;
  aligned_vector<float> work_;
};

/// A row in decibels below the peak of its matrix, at most 80 dB down:
/// max(-80, factor (log10 max(amin, x) - log10 max(amin, peak))) [dB].
/// librosa.power_to_db (factor 10, amin 1e-10) and amplitude_to_db (20, 1e-5)
/// with ref = max.
void decibels_below(float peak, float factor, float amin, std::span<const float> row, std::span<float> out);

} // namespace fugato
