// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

inline constexpr std::size_t mel_bands = 128;

/// Triangular filters at 128 centres evenly spaced on Slaney's mel scale (linear
/// below 1 kHz, logarithmic above) from 0 to rate / 2, each of area 1 over
/// frequency. librosa.filters.mel(n_mels=128, norm="slaney"). Only the bins
/// that a filter weighs are kept.
class mel_filters {
public:
  mel_filters(std::uint32_t rate, std::size_t n_fft);

  /// Power of each band: M[b, t] = sum_k w[b, k] P[k, t]. @param mel bands x frames
  void apply(const matrix& power, matrix& mel) const;

  /// The weight of a bin in a band.
  float weight(std::size_t band, std::size_t bin) const;

private:
  struct filter {
    std::size_t first;          ///< bin
    std::vector<float> weights; ///< of it and the following ones
  };
  std::vector<filter> filters_;
};

/// 10 log10 max(1e-10, P), at most 80 dB below the largest of all frames [dB].
/// librosa.power_to_db(ref=1, top_db=80).
void power_to_db(const matrix& power, matrix& out);

/// The n_mfcc x 128 rows of the orthonormal DCT-II:
/// c[i, b] = sqrt((i ? 2 : 1) / 128) cos(pi i (2 b + 1) / 256).
std::vector<float> dct_basis(std::size_t n_mfcc);

/// Mel-frequency cepstral coefficients: the DCT-II of each frame's mel spectrum
/// in decibels. librosa.feature.mfcc. @param basis of dct_basis
/// @param out n_mfcc x frames
void mfcc(const matrix& mel_db, std::span<const float> basis, matrix& out);

/// Fewer frames than this have no delta.
inline constexpr std::size_t delta_width = 9;

/// The derivative of the given order (1 or 2) at each frame, of the polynomial of
/// that order that fits 9 frames best [per frame^order]. At the first and the
/// last 4 frames it is that of the first and the last 9; 0 for fewer than 9.
/// librosa.feature.delta; Savitzky and Golay, Anal. Chem. 36 (1964).
void delta(std::span<const float> x, unsigned order, std::span<float> out);

} // namespace fugato
