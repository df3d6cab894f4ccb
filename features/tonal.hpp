// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"
#include "features/matrix.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace fugato {

inline constexpr std::size_t chroma_bands = 12;
inline constexpr std::size_t tuning_steps = 100;

/// A step of the tuning as a fraction of a semitone: -0.5 + 0.01 step, in [-0.5, 0.5).
double tuning_of(std::size_t step);

/// How far the chunk's pitch is off 440 Hz, as a step. The peaks of each frame
/// within 150 .. 4000 Hz that exceed a tenth of its maximum are refined by a
/// parabola; the stronger half votes with its distance from the nearest semitone, the
/// fullest of 100 bins wins. The step of 0 where there is no peak.
/// librosa.estimate_tuning, on the power spectrum as chroma_stft does.
class tuning_estimator {
public:
  /// Turns to another chunk.
  void begin(std::size_t bins, std::size_t frames);

  /// Notes the peaks of a tile. @param peaks the largest power of each of its 16 frames
  void add(const kernels& k, const float* tile_power, std::size_t bins, const float* peaks, double bin_hz);

  /// Of all peaks that were noted.
  std::size_t step();

private:
  struct pitch {
    double hz;
    double level;
  };
  double median_level();

  std::vector<std::uint32_t> found_;
  std::vector<pitch> pitches_;
  std::vector<double> levels_;
};

/// Filters that fold a power spectrum onto the 12 pitch classes, C first: a
/// Gaussian a semitone wide around each octave's pitch, columns of norm 1, then
/// weighted around octave 5. librosa.filters.chroma; one bank for each
/// tuning, made when first asked for.
class chroma_filters {
public:
  chroma_filters(std::uint32_t rate, std::size_t n_fft);

  /// Weights of bin 0's 12 classes, then bin 1's ... @param step of the tuning
  std::span<const float> bank(std::size_t step);

private:
  void make(double tuning, float* bank) const;

  std::uint32_t rate_;
  std::size_t n_fft_;
  std::array<bool, tuning_steps> made_{};
  std::unique_ptr<float[]> banks_; ///< room for all, so that a new tuning costs no allocation
};

/// Each frame divided by its largest value: in [0, 1], 0 for silence.
/// librosa.util.normalize(norm=inf).
void normalise_frames(const matrix& m, matrix& out);

/// Tonal centroids: the chroma of sum 1, seen on the circles of fifths, minor
/// thirds (radius 1) and major thirds (radius 1/2); in [-1, 1].
/// librosa.feature.tonnetz(chroma=...); Harte et al., "Detecting harmonic change
/// in musical audio", 2006. @param out 6 x frames
void tonnetz(const matrix& chroma, std::span<float> out);

} // namespace fugato
