// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"

#include <cstddef>
#include <span>

namespace fugato {

/// Number of sign changes from a sample to the next. Samples of magnitude up
/// to 1e-10 count as +0; the first sample never counts. librosa.zero_crossings(pad=False).
std::size_t zero_crossings(const kernels& k, std::span<const float> y);

/// Share of sign changes in each centred frame, in [0, 1):
/// zcr[t] = sign changes within y[t hop - n_fft/2 .. t hop + n_fft/2 - 1] / n_fft.
/// Beyond its ends y is held, which adds no change.
/// librosa.feature.zero_crossing_rate. @param out one value a frame
void zero_crossing_rate(const kernels& k, std::span<const float> y, std::size_t n_fft, std::size_t hop_length,
                        std::span<float> out);

/// Root mean square of each centred frame: rms[t] = sqrt(sum y^2 / n_fft), in the
/// unit of y; beyond its ends y is zero. librosa.feature.rms(y=y).
void rms(std::span<const float> y, std::size_t n_fft, std::size_t hop_length, std::span<float> out);

} // namespace fugato
