// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What is measured of a clip, before statistics make a row of it: to be looked at. All of it comes from the code that
/// extracts features (features/analysis.hpp).
namespace fugato {

/// Rows (bins, bands) x columns (frames) of values, row after row.
struct grid {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;

  float& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  float at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// Frame t is centred on sample t * hop_length; there are 1 + samples / hop_length of them.
struct curves {
  std::uint32_t rate = 0;     ///< of the samples [Hz]
  std::size_t n_fft = 0;      ///< [samples]
  std::size_t hop_length = 0; ///< [samples]
  double begins = 0;          ///< where in its recording the first sample lies [s]; for whoever shows it
  std::vector<float> samples;
  std::vector<float> harmonic;   ///< the part of the samples that lasts, see features/separation.hpp
  std::vector<float> percussive; ///< and the rest

  grid power; ///< |STFT|^2, bins x frames
  grid harmonic_power;
  grid percussive_power;
  grid mel;                     ///< power in mel bands, 128 x frames
  grid chroma;                  ///< 12 x frames, the largest of a frame 1
  std::vector<float> rms;       ///< a value a frame, in the unit of the samples
  std::vector<float> crossings; ///< zero crossing rate, in [0, 1)
  std::vector<float> centroid;  ///< [Hz]
  std::vector<float> rolloff;   ///< 85 % [Hz]
  std::vector<float> onset;     ///< strength, the mean over mel bands [dB]

  std::uint64_t sign_changes = 0;   ///< zero crossings of all samples
  double tuning = 0;                ///< off 440 Hz [semitones]
  double tempo = 0;                 ///< [bpm]; 0 without onsets
  std::vector<std::uint32_t> beats; ///< frames, see features/beats.hpp

  std::size_t frames() const { return rms.size(); }
  double seconds() const { return static_cast<double>(samples.size()) / rate; }
  double seconds_of(std::size_t frame) const { return static_cast<double>(frame * hop_length) / rate; }
  double bin_hz() const { return static_cast<double>(rate) / static_cast<double>(n_fft); }
};

/// @throws error(settings) as `check` of features/extractor.hpp does, error(no_samples), error(non_finite)
curves measure_curves(std::span<const float> samples, std::uint32_t rate, const feature_settings& settings);

/// As many columns as asked for, or fewer where there are fewer: means of neighbouring ones.
grid fewer_columns(const grid& x, std::size_t columns);

/// Rows of a spectrum as frequencies whose logarithms are evenly spaced, low first: the mean of the bins that lie in
/// a row's range, and between bins that are farther apart, what a line from one to the next gives.
/// @param bin_hz distance of neighbouring bins [Hz] @param low,high the edges [Hz], 0 < low < high
grid on_log_axis(const grid& spectrum, double bin_hz, double low, double high, std::size_t rows);

/// 10 log10 max(x, 1e-10) - 10 log10 max(reference, 1e-10), at least -80 [dB].
grid decibels(const grid& power, float reference);

float largest(const grid& x);

/// Samples i with a change of sign from i - 1, as `zero_crossings` counts them.
std::vector<std::size_t> sign_change_places(std::span<const float> samples);

} // namespace fugato
