// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"
#include "features/matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

inline constexpr std::size_t mel_bands = 128;

/// Triangular filters at 128 centres evenly spaced on Slaney's mel scale (linear
/// below 1 kHz, logarithmic above) from 0 to rate / 2, each of area 1 over
/// frequency. librosa.filters.mel(n_mels=128, norm="slaney").
std::vector<mel_filter> mel_filters(std::uint32_t rate, std::size_t n_fft);

/// The band whose centre a frequency is; fractions between centres, below 0 under the first. @param rate [Hz]
double mel_band_of(double hz, std::uint32_t rate);

/// Lifts decibels of all frames to at most 80 below the largest: what librosa.power_to_db(ref=1, top_db=80)
/// does to 10 log10 max(1e-10, P).
void limit_range(const kernels& k, matrix& db);

/// The n_mfcc x 128 rows of the orthonormal DCT-II:
/// c[i, b] = sqrt((i ? 2 : 1) / 128) cos(pi i (2 b + 1) / 256).
std::vector<float> dct_basis(std::size_t n_mfcc);

/// Mel-frequency cepstral coefficients: the DCT-II of each frame's mel spectrum
/// in decibels. librosa.feature.mfcc. @param basis of dct_basis
/// @param out n_mfcc x frames
void mfcc(const kernels& k, const matrix& mel_db, std::span<const float> basis, matrix& out);

/// The DCT-II of one spectrum, such as the mean of all frames', which gives the mean MFCC. @param out n_mfcc values
void mfcc(std::span<const double> mel_db, std::span<const float> basis, std::span<float> out);

/// Fewer frames than this have no delta.
inline constexpr std::size_t delta_width = 9;

/// The derivative of the given order (1 or 2) at each frame, of the polynomial of
/// that order that fits 9 frames best [per frame^order]. At the first and the
/// last 4 frames it is that of the first and the last 9; 0 for fewer than 9.
/// librosa.feature.delta; Savitzky and Golay, Anal. Chem. 36 (1964).
void delta(std::span<const float> x, unsigned order, std::span<float> out);

/// The mean of `delta` over frames. Inner values cancel: it depends on the first and the last 9 alone.
double mean_delta(std::span<const float> x, unsigned order);

} // namespace fugato
