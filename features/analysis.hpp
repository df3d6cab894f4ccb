// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/cepstral.hpp"
#include "features/kernels.hpp"
#include "features/matrix.hpp"
#include "features/rhythm.hpp"
#include "features/separation.hpp"
#include "features/settings.hpp"
#include "features/spectral.hpp"
#include "features/stft.hpp"
#include "features/tonal.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// What the features of one chunk have in common. Each quantity is computed when
/// it is first asked for after `reset`, so that what no feature needs costs
/// nothing; references and spans stay valid until the next `reset`. Buffers are
/// kept from chunk to chunk.
///
/// Most quantities are made of the spectrum tile by tile (16 frames). What one chunk asked for is made for the
/// following ones in the pass that transforms them, while a tile is still in the core's cache: the values are the
/// same, asked for or foreseen.
class analysis {
public:
  /// @param rate of the samples [Hz]
  /// @throws error(settings) for an instruction set that this machine does not have
  analysis(const feature_settings& settings, std::uint32_t rate);
  /// @param isa what to compute by, in place of `settings.isa`
  analysis(const feature_settings& settings, std::uint32_t rate, const instruction_set& isa);

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
  const kernels& vectors() const { return *kernels_; }
  std::span<const float> mfcc_basis() const { return dct_basis_; }

  const tiled& power();     ///< |STFT|^2, bins x frames
  const tiled& magnitude(); ///< |STFT|, bins x frames
  float peak_power();       ///< the largest of all
  std::span<const float> centroid();
  const matrix& bandwidths(); ///< of order 2, 3 and 4, x frames
  const matrix& rolloff();    ///< 1 x frames
  const matrix& flatness();   ///< 1 x frames
  matrix& valleys();          ///< of spectral contrast, 7 x frames; clipped in place
  matrix& peaks();            ///< the same
  const matrix& mel();        ///< power in mel bands, 128 x frames
  const matrix& mel_db();     ///< the same in decibels
  /// Means over frames of mel_db, and of its first and second derivative. 128 each
  std::span<const double> mean_mel_db(unsigned order);
  const matrix& mfcc(); ///< n_mfcc x frames
  std::size_t tuning_step();
  const matrix& chroma_energy(); ///< 12 x frames
  const matrix& chroma();        ///< the same, the largest of a frame 1
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
  /// In place of a value: what was computed lies elsewhere.
  struct done {};
  template <class T, class Compute>
  T& of_this_chunk(lazy<T>& x, Compute compute) {
    if (x.chunk != chunk_) {
      compute(x.value);
      x.chunk = chunk_;
    }
    return x.value;
  }

  /// Quantities made tile by tile, each after the one that it is made of.
  enum stage : std::size_t {
    peak_stage,
    pitch_stage,
    magnitude_stage,
    moment_stage,
    bandwidth_stage,
    rolloff_stage,
    flatness_stage,
    contrast_stage,
    mel_stage,
    decibel_stage,
    stage_count
  };
  struct stage_state {
    std::uint64_t chunk = 0; ///< that it was made for
    bool foreseen = false;   ///< asked for by a former chunk
  };
  /// The stage that a stage is made of; `stage_count` for the powers themselves.
  static stage made_of(stage s);
  /// Makes sure that a stage was done for all tiles of this chunk, and notes that it will be wanted of the next.
  void need(stage s);
  void prepare(stage s);
  void make(stage s, std::size_t i);
  /// The one pass: makes the powers, and each tile's foreseen stages while it is in the cache.
  void transform();

  const kernels* kernels_;
  double bin_hz_;
  stft stft_;
  std::vector<mel_filter> mel_filters_;
  std::vector<float> dct_basis_;
  tuning_estimator tuning_estimator_;
  chroma_filters chroma_filters_;
  fugato::contrast contrast_;
  tempo_estimator tempo_estimator_;
  separator separator_;

  std::span<const float> samples_;
  std::uint64_t chunk_ = 0;
  std::uint64_t transformed_ = 0; ///< the chunk that power_ is of
  std::array<stage_state, stage_count> stages_{};
  tiled power_;
  tiled low_; ///< real parts of bins 0 and 1
  tiled magnitude_;
  std::vector<frame_moments> moments_; ///< a tile each
  matrix frame_peaks_;
  matrix centroid_;
  matrix bandwidths_;
  matrix rolloff_;
  matrix flatness_;
  matrix valleys_;
  matrix peaks_;
  matrix mel_;
  matrix decibels_;
  lazy<float> peak_power_;
  lazy<done> decibels_limited_;
  std::array<lazy<std::array<double, mel_bands>>, 3> mean_mel_db_;
  lazy<matrix> mfcc_;
  lazy<std::size_t> tuning_step_;
  lazy<matrix> chroma_energy_;
  lazy<matrix> chroma_;
  lazy<fugato::separated> separated_;
  lazy<fugato::separated_means> separated_means_;
  lazy<done> tempo_analysed_;

  std::vector<aligned_vector<float>> rooms_;
  std::size_t rooms_used_ = 0;
};

} // namespace fugato
