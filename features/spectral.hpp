// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/matrix.hpp"

#include <cstdint>
#include <span>

/// Shape of the spectrum, frame by frame. S is |STFT| and P is |STFT|^2, both
/// bins x frames; f[k] = k bin_hz is a bin's frequency; every `out` has one
/// value a frame unless said otherwise.
namespace fugato {

/// M[k, t] = sqrt(P[k, t]).
void magnitude(const matrix& power, matrix& out);

/// The largest value of all frames; 0 for a matrix of zeros.
float peak(const matrix& m);

/// A row in decibels below the peak of its matrix, at most 80 dB down:
/// max(-80, factor (log10 max(amin, x) - log10 max(amin, peak))) [dB].
/// librosa.power_to_db (factor 10, amin 1e-10) and amplitude_to_db (20, 1e-5)
/// with ref = max.
void decibels_below(float peak, float factor, float amin, std::span<const float> row, std::span<float> out);

/// Mean frequency, weighted by magnitude: sum f S / sum S [Hz]; 0 for silence.
/// librosa.feature.spectral_centroid.
void spectral_centroid(const matrix& magnitude, double bin_hz, std::span<float> out);

/// (sum S |f - centroid|^p / sum S)^(1/p) [Hz], p = 2, 3 or 4; 0 for silence.
/// librosa.feature.spectral_bandwidth.
void spectral_bandwidth(const matrix& magnitude, double bin_hz, std::span<const float> centroid, unsigned p,
                        std::span<float> out);

/// The lowest f[k] with S[0] + ... + S[k] >= 0.85 sum S [Hz]; 0 for silence. The sum is
/// taken in single precision from bin 0 up, as numpy does: other orders
/// give another bin where it is close. librosa.feature.spectral_rolloff.
void spectral_rolloff(const matrix& magnitude, double bin_hz, std::span<float> out);

/// Geometric by arithmetic mean of max(1e-10, P), in (0, 1]: 1 for a flat spectrum.
/// librosa.feature.spectral_flatness.
void spectral_flatness(const matrix& power, std::span<float> out);

inline constexpr std::size_t contrast_bands = 7;

/// Whether the octave bands of spectral_contrast have bins enough: the top one
/// (from 6400 Hz) starts below rate / 2, bins are at most 200 Hz apart.
bool contrast_fits(std::uint32_t rate, std::size_t n_fft);

/// Peak against valley in the bands up to 200, 400, ... 6400 Hz and above: the
/// mean of the strongest 2 % of a band's magnitudes against that of the weakest 2 %,
/// 10 log10 each, at most 80 dB below its own largest [dB].
/// librosa.feature.spectral_contrast; Jiang et al., "Music type classification by
/// spectral contrast feature", ICME 2002.
/// @param scratch bins + 7 frames values
/// @param out 7 bands x frames
void spectral_contrast(const matrix& magnitude, double bin_hz, std::span<float> scratch, std::span<float> out);

} // namespace fugato
