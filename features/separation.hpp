// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"
#include "features/matrix.hpp"
#include "features/stft.hpp"

#include <span>
#include <vector>

/// Harmonic-percussive separation: what lasts in time (a median of 31 frames) against
/// what spreads over frequency (a median of 31 bins), Wiener-like masks
/// H^2 / (H^2 + P^2) and P^2 / (H^2 + P^2) on the complex spectrum, inverse STFT.
/// librosa.effects.hpss; Fitzgerald, "Harmonic/percussive separation using median
/// filtering", DAFX 2010; Driedger et al., ISMIR 2014.
///
/// Medians are taken of powers: the square of a median magnitude is the median power, and masks want squares.
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

/// Index of the sample that stands at i, in -n .. 2 n and beyond, of a signal of n samples that
/// mirrors at its ends with the end repeated (c b a | a b c | c b a), scipy's "reflect".
std::size_t mirrored(std::ptrdiff_t i, std::size_t n);

class separator {
public:
  explicit separator(const instruction_set& isa) : kernels_(isa.table) {}

  /// Both signals in full. Valid until the next call.
  /// @param power of the chunk y, which the transform was turned to
  separated separate(std::span<const float> y, const tiled& power, stft& transform);

  /// Their means alone, without most of the work. A mean is a linear function of the harmonic part's spectrum. In a
  /// frame all of whose samples are covered by as many other frames as there can be, it is that of the frame's windowed
  /// samples, and a Hann window has but bins 0 and 1: masks are needed only there. The first and the last frames are
  /// weighed bin by bin. Masks add up to 1, so the percussive mean is what the harmonic one leaves.
  /// @param low 2 x frames: the real parts of bins 0 and 1
  separated_means means(std::span<const float> y, const tiled& power, const tiled& low, stft& transform);

private:
  struct range {
    std::size_t first;
    std::size_t last; ///< one past
  };

  /// Makes medians_ the medians along time of 16 bins from k0, frame by frame.
  void medians_in_time(const tiled& power, std::size_t k0, range frames);
  /// Makes medians_ the medians along frequency of the first `outputs` bins of a tile.
  void medians_in_frequency(const float* tile_power, std::size_t bins, std::size_t outputs);
  void harmonic_masks(const tiled& power);
  void add_frames(const tiled& power, std::size_t i, stft& transform);

  /// The edge frames' part of the sum of the harmonic signal's samples, and the others'.
  double edge_sum(const tiled& power, std::span<const std::size_t> frames, const float* gains, stft& transform);
  double inner_sum(const tiled& power, const tiled& low, range frames);
  /// Lists the frames to be weighed bin by bin, and how.
  void list_edges(std::size_t samples, stft& transform);

  const kernels* kernels_;
  std::vector<const float*> rows_;
  aligned_vector<float> turned_;  ///< power of 16 bins, frame by frame
  aligned_vector<float> medians_; ///< rows of 16
  aligned_vector<float> bins_;    ///< complex, of a tile
  aligned_vector<float> frames_;  ///< samples of 16 frames; scratch
  tiled harmonic_;                ///< medians along time, then masks
  // for means
  std::size_t samples_ = 0; ///< that what follows is of
  std::vector<std::size_t> edges_;
  std::size_t edge_ = 0;        ///< frames at either end
  aligned_vector<float> gains_; ///< bins x 2 x 16 for each 16 edge frames
  bool all_covered_ = false;
  aligned_vector<float> edge_power_;
  aligned_vector<float> edge_harmonic_;
  aligned_vector<float> mask_;
  // for the signals
  aligned_vector<float> added_; ///< overlap-added frames: sample r of hop c at r * stride + c
  aligned_vector<float> harmonic_samples_;
  aligned_vector<float> percussive_samples_;
};

} // namespace fugato
