// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/batch_fft.hpp"
#include "features/matrix.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace fugato {

/// What lies beyond the ends of a chunk.
enum class padding { zero, reflect };

/// @throws error(settings) for anything but "zero" and "reflect".
padding padding_named(std::string_view name);

/// Puts `by` samples before and after y: zeros, or y mirrored at its first and
/// last sample (d c b | a b c d | c b a), again and again if y is short.
void pad(std::span<const float> y, std::size_t by, padding how, aligned_vector<float>& out);

/// Short-time Fourier transform of centred, Hann-windowed frames and its inverse (librosa.stft, librosa.istft), 16
/// frames at a time. Frame t is centred on sample t * hop_length; there are 1 + samples / hop_length of them.
///
///   D[k, t] = sum_j w[j] y[t hop - n_fft/2 + j] exp(-2 pi i j k / n_fft)
///
/// Only powers are ever kept: complex bins are made anew where they are needed, which is cheaper than writing them.
class stft {
public:
  stft(std::size_t n_fft, std::size_t hop_length, padding how, const instruction_set& isa);

  std::size_t n_fft() const { return fft_.size(); }
  std::size_t hop_length() const { return hop_; }
  std::size_t bins() const { return fft_.bins(); }
  std::size_t frames(std::size_t samples) const { return 1 + samples / hop_; }

  /// Turns to another chunk.
  void begin(std::span<const float> y);

  /// |D|^2 of the tile of frames from 16 i on. @param power bins x 16 @param low 2 x 16: Re D[0], Re D[1]
  void power(std::size_t i, float* power, float* low);

  /// D of a tile, or of at most 16 frames of any number. @param bins bins x 2 x 16: real and imaginary parts
  void transform(std::size_t i, float* bins);
  void transform(std::span<const std::size_t> frames, float* bins);
  /// The same of other samples in place of those frames': each frame's `n_fft` samples.
  void transform(std::span<const float* const> frames, float* bins);

  /// The samples that a tile's bins stand for, windowed once more, as overlap-add wants them.
  /// @param samples n_fft x 16
  void inverse(const float* bins, float* samples) { fft_.inverse(bins, samples); }

  /// Sum over frames of w^2 at each of `samples` samples: what overlap-added
  /// frames are divided by. Valid until asked for another length.
  std::span<const float> window_sum(std::size_t samples);

private:
  /// Turns the samples of a tile's frames hop by hop, so that sample j of 16 frames is one row of 16.
  void load_tile(std::size_t i);
  std::size_t frames_of(std::size_t i) const;

  const kernels* kernels_;
  batch_fft fft_;
  std::size_t hop_;
  padding padding_;
  std::vector<float> window_;
  std::size_t stride_;                    ///< of the turned samples: 16 and the hops that a frame overlaps
  std::vector<std::uint32_t> by_hop_;     ///< where sample j of a frame lies in them
  std::vector<std::uint32_t> one_by_one_; ///< the same of frames that share nothing
  std::vector<const float*> columns_;
  std::size_t count_ = 0; ///< frames of this chunk
  aligned_vector<float> padded_;
  aligned_vector<float> turned_;
  aligned_vector<float> window_sum_;
  std::size_t summed_ = 0; ///< samples that window_sum_ is of
};

} // namespace fugato
