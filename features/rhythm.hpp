// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/kernels.hpp"
#include "features/matrix.hpp"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// Onset strength: the mean over bands of max(0, M[b, t] - M[b, t - 1]) [dB], `lead`
/// frames later, which are 0: 1 for the difference and n_fft / (2 hop_length) for the centring.
/// librosa.onset.onset_strength. @param out one value a frame
void onset_strength(const matrix& mel_db, std::size_t lead, std::span<float> out, const kernels& k = best_kernels());

/// The same with the median over bands, of at most mel_bands, from which beat_track takes the tempo.
void onset_strength_median(const matrix& mel_db, std::size_t lead, std::span<float> out,
                           const kernels& k = best_kernels());

/// Tempo of an onset envelope from its autocorrelation, as librosa.beat.beat_track finds it.
class tempo_estimator {
public:
  tempo_estimator(std::uint32_t rate, std::size_t hop_length, const kernels& k = best_kernels());

  /// Frames in 8 s: the window of the autocorrelation. Lags are 1 .. window() - 1.
  std::size_t window() const { return window_; }

  /// The tempo of a lag: 60 rate / (hop_length lag) [bpm].
  double tempo_of(std::size_t lag) const;

  /// Takes an envelope for the calls that follow.
  void analyse(std::span<const float> envelope);

  /// Mean over frames of the autocorrelation of the Hann-windowed 8 s around the
  /// frame (the envelope falls linearly to 0 beyond its ends), each divided by
  /// its largest value; in [0, 1]. librosa.feature.tempogram, then the mean.
  double tempogram_mean(std::size_t lag);

  /// The tempo of the lag with the largest log(1 + 1e6 tempogram_mean) - log2(tempo / 120)^2 / 2 of
  /// those below 320 bpm; 0 without onsets [bpm].
  double tempo();

private:
  double prior(std::size_t lag) const;
  void weigh_frames(std::size_t frames);

  const kernels* kernels_;
  std::uint32_t rate_;
  std::size_t hop_;
  std::size_t window_;
  std::vector<std::size_t> by_prior_;       ///< lags below 320 bpm, likeliest first
  std::vector<std::complex<double>> turns_; ///< exp(i pi k / window), a whole period
  std::vector<double> hann_squared_;
  std::vector<double> padded_;  ///< the envelope with its ramps
  std::vector<double> squares_; ///< of padded_
  std::vector<double> weights_; ///< five rows: what the products that start at n count, see rhythm.cpp
  std::size_t frames_ = 0;
  bool silent_ = true;
};

} // namespace fugato
