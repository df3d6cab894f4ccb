// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

/// How far from librosa's numbers ours may lie; tests/golden/README.md says why.
namespace golden {

struct expectation {
  std::string_view feature;       ///< row of the catalog
  std::string_view quantity;      ///< array of a signal; empty where it has a scalar
  std::string_view scalar;        ///< of a signal; empty where it has an array
  double tolerance;               ///< absolute, of each value of the array, in its unit
  double on_tones = 0;            ///< instead, where rounding noise shows; 0 for no difference
  std::string_view excluded = {}; ///< the signal without a defined value
};

/// Signals with so little between their lines that an FFT's rounding noise shows there.
inline bool tonal(std::string_view signal) {
  for (const std::string_view name : {"sine440", "chirp", "padded_tone", "detuned_chord", "clipped", "clicks120", "dc"})
    if (signal == name)
      return true;
  return false;
}

/// Not compared at all.
inline constexpr double anything = -1;

inline const std::vector<expectation>& expectations() {
  static const std::vector<expectation> all{
      {"zero_crossing_rate", "zcr", "", 0},
      {"zero_crossings", "", "zero_crossings", 0},
      {"spectrogram", "stft_db_row0", "", 1e-2},
      {"mel_spectrogram", "mel_ampdb_row0", "", 1e-2},
      {"harmonics", "hpss_harmonic", "", 3e-7, 3e-6},
      {"perceptual_shock_wave", "hpss_percussive", "", 3e-7, 3e-6},
      {"spectral_centroids", "centroid", "", 5e-3},
      {"spectral_centroids_delta", "centroid_delta", "", 4e-4},
      {"spectral_centroids_accelerate", "centroid_delta2", "", 2.5e-4},
      {"chroma", "chroma", "", 3e-6, 0, "impulses"},
      {"tempo_bpm", "", "tempo_beat_track", 0},
      {"spectral_rolloff", "rolloff", "", 0},
      {"spectral_flux", "onset", "", 4e-5},
      {"spectral_bandwidth_2", "bandwidth2", "", 3e-3, 0.5, "dc"},
      {"spectral_bandwidth_3", "bandwidth3", "", 3e-3, 0.5, "dc"},
      {"spectral_bandwidth_4", "bandwidth4", "", 3e-3, 0.5, "dc"},
      {"mfcc", "mfcc", "", 4e-4},
      {"mfcc_delta", "mfcc_delta", "", 5e-5},
      {"mfcc_accelerate", "mfcc_delta2", "", 5e-5},
      {"rms", "rms", "", 1e-7},
      {"spectral_flatness", "flatness", "", 3e-6},
      {"spectral_contrast", "contrast", "", 5e-3, anything},
      {"tonnetz", "tonnetz", "", 1e-6, 0, "impulses"},
  };
  return all;
}

/// Of a feature for a signal; negative where nothing can be said.
inline double tolerance_of(const expectation& e, std::string_view signal) {
  if (signal == e.excluded)
    return anything;
  return e.on_tones != 0 && tonal(signal) ? e.on_tones : e.tolerance;
}

/// Half a unit in the last place of a float, for golden values or ours that were rounded to one, and as much
/// for librosa's sums in single precision.
inline double rounding(double value) { return 1.2e-7 * std::abs(value); }

/// Of a mean of values that are each within `tolerance`.
inline double of_mean(double tolerance, double value) { return tolerance + rounding(value); }

/// Of a variance of values x + e with |e| <= tolerance:
/// |var(x + e) - var(x)| = |2 cov(x, e) + var(e)| <= 2 sigma tolerance + tolerance^2.
inline double of_variance(double tolerance, double variance) {
  return 2 * std::sqrt(variance) * tolerance + tolerance * tolerance + 8 * rounding(variance);
}

/// The means of the two parts of a separation have tolerances of their own: they are far below
/// that of the samples. `value` is that of a column, which is rounded to a float.
inline double of_separated_mean(std::string_view signal, double value = 0) {
  return (signal == "dc" ? 1e-8 : 2e-9) + rounding(value);
}

} // namespace golden
