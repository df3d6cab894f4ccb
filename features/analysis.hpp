// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/cepstral.hpp"
#include "features/matrix.hpp"
#include "features/rhythm.hpp"
#include "features/separation.hpp"
#include "features/settings.hpp"
#include "features/stft.hpp"
#include "features/tonal.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// What the features of one chunk have in common. Each quantity is computed when
/// it is first asked for after `reset`, so that what no feature needs costs
/// nothing; references and spans stay valid until the next `reset`. Buffers are
/// kept from chunk to chunk.
class analysis {
public:
  /// @param rate of the samples [Hz]
  analysis(const feature_settings& settings, std::uint32_t rate);

  /// Turns to another chunk, which must outlive its analysis.
  /// @throws error(no_samples) for an empty one, error(non_finite) for samples that are not finite or
  ///         beyond 1e10 in magnitude.
  void reset(std::span<const float> samples);

  std::span<const float> samples() const { return samples_; }
  std::size_t frames() const { return stft_.frames(samples_.size()); }
  std::size_t n_fft() const { return stft_.n_fft(); }
  std::size_t hop_length() const { return stft_.hop_length(); }
  /// Distance of neighbouring bins [Hz].
  double bin_hz() const { return bin_hz_; }
  /// Frames by which onset strength lags, see there.
  std::size_t onset_lead() const { return 1 + n_fft() / (2 * hop_length()); }

  const matrix& power();     ///< |STFT|^2, bins x frames
  const matrix& magnitude(); ///< |STFT|, bins x frames
  const matrix& mel();       ///< power in mel bands, 128 x frames
  const matrix& mel_db();    ///< the same in decibels
  const matrix& mfcc();      ///< n_mfcc x frames
  std::size_t tuning_step();
  const matrix& chroma_energy(); ///< 12 x frames
  const matrix& chroma();        ///< the same, the largest of a frame 1
  std::span<const float> centroid();
  const fugato::separated& separated();
  const fugato::separated_means& separated_means();
  /// Ready to be asked for the tempo of this chunk.
  tempo_estimator& tempo();

  /// Room for results, valid until the next `reset`. The same requests in the
  /// same order get the same memory for every chunk.
  std::span<float> room(std::size_t n);

private:
  /// A value and the chunk that it belongs to.
  template <class T>
  struct lazy {
    T value{};
    std::uint64_t chunk = 0;
  };
  template <class T, class Compute>
  T& of_this_chunk(lazy<T>& x, Compute compute) {
    if (x.chunk != chunk_) {
      compute(x.value);
      x.chunk = chunk_;
    }
    return x.value;
  }

  /// The transform and its power come from one pass.
  struct transformed {
    spectrum bins;
    matrix power;
  };
  const transformed& transform();

  double bin_hz_;
  stft stft_;
  mel_filters mel_filters_;
  std::vector<float> dct_basis_;
  tuning_estimator tuning_estimator_;
  chroma_filters chroma_filters_;
  tempo_estimator tempo_estimator_;
  separator separator_;

  std::span<const float> samples_;
  std::uint64_t chunk_ = 0;
  lazy<transformed> transformed_;
  lazy<matrix> magnitude_;
  lazy<matrix> mel_;
  lazy<matrix> mel_db_;
  lazy<matrix> mfcc_;
  lazy<std::size_t> tuning_step_;
  lazy<matrix> chroma_energy_;
  lazy<matrix> chroma_;
  lazy<std::span<const float>> centroid_;
  lazy<fugato::separated> separated_;
  lazy<fugato::separated_means> separated_means_;
  lazy<bool> tempo_ready_;

  std::vector<aligned_vector<float>> rooms_;
  std::size_t rooms_used_ = 0;
};

} // namespace fugato
