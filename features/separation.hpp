// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/lanes.hpp"
#include "features/matrix.hpp"
#include "features/stft.hpp"

#include <span>
#include <vector>

/// Harmonic-percussive separation: what lasts in time (a median of 31 frames) against
/// what spreads over frequency (a median of 31 bins), Wiener-like masks
/// H^2 / (H^2 + P^2) and P^2 / (H^2 + P^2) on the complex spectrum, inverse STFT.
/// librosa.effects.hpss; Fitzgerald, "Harmonic/percussive separation using median
/// filtering", DAFX 2010; Driedger et al., ISMIR 2014.
namespace fugato {

/// Samples of the two parts; they add up to the chunk.
struct separated {
  std::span<const float> harmonic;
  std::span<const float> percussive;
};

struct separated_means {
  double harmonic;
  double percussive;
};

class separator {
public:
  /// Both signals in full. Valid until the next call.
  /// @param transform that made the spectrum `d` of y, and its magnitude
  separated separate(std::span<const float> y, const spectrum& d, const matrix& magnitude, stft& transform);

  /// Their means alone, without most of the work. The mean of an inverse STFT is linear in the
  /// spectrum; in a frame all of whose samples are covered by as many other frames as there can
  /// be, a Hann window has but bins 0 and 1, so that its masks are needed only there; the
  /// first and the last frames are done in full. The masks add up to 1, so the
  /// percussive mean is what the harmonic one leaves.
  separated_means means(std::span<const float> y, const spectrum& d, const matrix& magnitude, stft& transform);

private:
  struct range {
    std::size_t first;
    std::size_t last; ///< one past
  };

  /// Lists the places, in a direction of n values, that medians at [first, last)
  /// look at, in places_, and makes room. @returns the medians to take: whole blocks
  std::size_t prepare(std::size_t first, std::size_t last, std::size_t n);
  /// The medians of what was put into sequence_.
  std::span<const lanes> medians(std::size_t outputs);
  /// Medians along time into harmonic_.
  void medians_in_time(const matrix& magnitude, range bins, range frames);
  /// Replaces medians along time in harmonic_ by harmonic masks. Goes by groups of four
  /// frames: what else is in a group that reaches into `frames` is lost.
  void masks(const matrix& magnitude, range bins, range frames);
  /// The harmonic part's windowed samples of a frame.
  std::span<const float> harmonic_frame(const spectrum& d, std::size_t t, stft& transform);
  /// What an edge frame adds to the sum of the harmonic signal's samples.
  double frame_sum(std::size_t t, std::span<const float> frame, std::span<const float> weights, stft& transform);

  matrix harmonic_; ///< medians along time, then masks
  std::vector<std::size_t> places_;
  aligned_vector<lanes> sequence_;
  aligned_vector<lanes> medians_;
  aligned_vector<std::complex<float>> bins_;
  aligned_vector<float> harmonic_samples_;
  aligned_vector<float> percussive_samples_;
};

} // namespace fugato
