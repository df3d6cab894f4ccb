// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/catalog.hpp"

#include "features/analysis.hpp"
#include "features/spectral.hpp"
#include "features/temporal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fugato {

namespace {

template <std::size_t n>
std::size_t fixed(const feature_settings&) {
  return n;
}

constexpr auto one = fixed<1>;

std::size_t mfcc_bands(const feature_settings& x) { return x.n_mfcc; }

/// A series of one value a frame in each band, written by `fill` into a span of bands x frames.
template <class Fill>
series per_frame(analysis& a, std::size_t bands, Fill fill) {
  const std::span<float> out = a.room(bands * a.frames());
  fill(out);
  return {bands, a.frames(), out};
}

/// The one value of a chunk.
series value(analysis& a, double x) {
  const std::span<float> out = a.room(1);
  out[0] = static_cast<float>(x);
  return {1, 1, out};
}

series rows(analysis& a, const matrix& m) {
  return per_frame(a, m.rows(), [&](std::span<float> out) {
    for (std::size_t r = 0; r < m.rows(); ++r)
      std::ranges::copy(m[r], out.begin() + static_cast<std::ptrdiff_t>(r * m.columns()));
  });
}

template <unsigned order>
series mfcc_delta(analysis& a) {
  const matrix& m = a.mfcc();
  return per_frame(a, m.rows(), [&](std::span<float> out) {
    for (std::size_t i = 0; i < m.rows(); ++i)
      delta(m[i], order, out.subspan(i * m.columns(), m.columns()));
  });
}

template <unsigned order>
series centroid_delta(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) { delta(a.centroid(), order, out); });
}

template <unsigned order>
void mfcc_mean(analysis& a, std::span<float> out) {
  mfcc(a.mean_mel_db(order), a.mfcc_basis(), out);
}

template <unsigned order>
void centroid_delta_mean(analysis& a, std::span<float> out) {
  out[0] = static_cast<float>(mean_delta(a.centroid(), order));
}

template <unsigned p>
series bandwidth(analysis& a) {
  return {1, a.frames(), a.bandwidths()[p - 2]};
}

series zcr(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) {
    zero_crossing_rate(a.vectors(), a.samples(), a.n_fft(), a.hop_length(), out);
  });
}

series crossings(analysis& a) { return value(a, static_cast<double>(zero_crossings(a.vectors(), a.samples()))); }

series lowest_bin_db(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) {
    for (std::size_t t = 0; t < out.size(); ++t)
      out[t] = a.power()(0, t);
    decibels_below(a.peak_power(), 10, 1e-10f, out, out);
  });
}

series lowest_mel_db(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) {
    const matrix& m = a.mel();
    std::array<float, tile> tops; // what pads the rows is 0
    a.vectors().peaks(m.row(0), m.rows() * m.stride() / tile, tops.data());
    const float peak = *std::ranges::max_element(tops);
    decibels_below(peak, 20, 1e-5f, m[0], out);
  });
}

series harmonics(analysis& a) { return {1, a.samples().size(), a.separated().harmonic}; }

void harmonics_mean(analysis& a, std::span<float> out) { out[0] = static_cast<float>(a.separated_means().harmonic); }

series percussion(analysis& a) { return {1, a.samples().size(), a.separated().percussive}; }

void percussion_mean(analysis& a, std::span<float> out) { out[0] = static_cast<float>(a.separated_means().percussive); }

series centroids(analysis& a) { return {1, a.frames(), a.centroid()}; }

series chromagram(analysis& a) { return rows(a, a.chroma()); }

series tempo_bpm(analysis& a) { return value(a, a.tempo().tempo()); }

series rolloff(analysis& a) { return {1, a.frames(), a.rolloff()[0]}; }

series flux(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) { onset_strength(a.mel_db(), a.onset_lead(), out, a.vectors()); });
}

series cepstrum(analysis& a) { return rows(a, a.mfcc()); }

series root_mean_square(analysis& a) {
  return per_frame(a, 1, [&](std::span<float> out) { rms(a.samples(), a.n_fft(), a.hop_length(), out); });
}

series flatness(analysis& a) { return {1, a.frames(), a.flatness()[0]}; }

series peaks_above_valleys(analysis& a) {
  return per_frame(a, contrast_bands, [&](std::span<float> out) { contrast::difference(a.valleys(), a.peaks(), out); });
}

series tonal_centroids(analysis& a) {
  return per_frame(a, 6, [&](std::span<float> out) { tonnetz(a.chroma(), out); });
}

std::vector<feature> all_features() {
  // name, column, first band, unit, summary, reference, bands, compute; then means, interleave, single where they apply
  return {
      {"zero_crossing_rate", "zero_crossing_rate", 0, "1", "Share of sign changes in each frame of n_fft samples.",
       "librosa.feature.zero_crossing_rate", one, zcr},
      {"zero_crossings", "zero_crossings", 0, "1", "Number of sign changes in the chunk.",
       "librosa.zero_crossings(pad=False)", one, crossings, nullptr, "", true},
      {"spectrogram", "spectrogram", 0, "dB",
       "Level of the lowest bin (DC) below the chunk's largest bin, at most 80 dB.",
       "librosa.amplitude_to_db(abs(stft), ref=max)[0]", one, lowest_bin_db},
      {"mel_spectrogram", "mel_spectrogram", 0, "dB",
       "20 log10 of the power in the lowest mel band below the chunk's largest, at most 80 dB.",
       "librosa.amplitude_to_db(melspectrogram, ref=max)[0]", one, lowest_mel_db},
      {"harmonics", "harmonics", 0, "1", "Samples of the harmonic part of the chunk.", "librosa.effects.hpss", one,
       harmonics, harmonics_mean},
      {"perceptual_shock_wave", "perceptual_shock_wave", 0, "1", "Samples of the percussive part of the chunk.",
       "librosa.effects.hpss", one, percussion, percussion_mean},
      {"spectral_centroids", "spectral_centroids", 0, "Hz", "Mean frequency of a frame, weighted by magnitude.",
       "librosa.feature.spectral_centroid", one, centroids},
      {"spectral_centroids_delta", "spectral_centroids_delta", 0, "Hz/frame",
       "Slope of the spectral centroid over 9 frames.", "librosa.feature.delta", one, centroid_delta<1>,
       centroid_delta_mean<1>},
      {"spectral_centroids_accelerate", "spectral_centroids_accelerate", 0, "Hz/frame^2",
       "Second derivative of the spectral centroid over 9 frames.", "librosa.feature.delta(order=2)", one,
       centroid_delta<2>, centroid_delta_mean<2>},
      {"chroma", "chroma{}", 1, "1",
       "Energy of the 12 pitch classes from C, at the chunk's tuning, the strongest of a frame 1.",
       "librosa.feature.chroma_stft", fixed<chroma_bands>, chromagram},
      {"tempo_bpm", "tempo_bpm", 0, "bpm", "Tempo of the chunk, 0 where nothing begins.", "librosa.beat.beat_track",
       one, tempo_bpm, nullptr, "", true},
      {"spectral_rolloff", "spectral_rolloff", 0, "Hz", "Frequency below which 85 % of a frame's magnitude lies.",
       "librosa.feature.spectral_rolloff", one, rolloff},
      {"spectral_flux", "spectral_flux", 0, "dB", "Onset strength: mean rise of the mel bands from frame to frame.",
       "librosa.onset.onset_strength", one, flux},
      {"spectral_bandwidth_2", "spectral_bandwidth_2", 0, "Hz", "Spread around the spectral centroid, of order 2.",
       "librosa.feature.spectral_bandwidth(p=2)", one, bandwidth<2>},
      {"spectral_bandwidth_3", "spectral_bandwidth_3", 0, "Hz", "Spread around the spectral centroid, of order 3.",
       "librosa.feature.spectral_bandwidth(p=3)", one, bandwidth<3>},
      {"spectral_bandwidth_4", "spectral_bandwidth_4", 0, "Hz", "Spread around the spectral centroid, of order 4.",
       "librosa.feature.spectral_bandwidth(p=4)", one, bandwidth<4>},
      {"mfcc", "mfcc{}", 0, "1", "Mel-frequency cepstral coefficients, the first n_mfcc.", "librosa.feature.mfcc",
       mfcc_bands, cepstrum, mfcc_mean<0>, "mfcc"},
      {"mfcc_delta", "mfcc_delta_{}", 0, "1/frame", "Slopes of the MFCC over 9 frames.", "librosa.feature.delta",
       mfcc_bands, mfcc_delta<1>, mfcc_mean<1>, "mfcc"},
      {"mfcc_accelerate", "mfcc_accelerate_{}", 0, "1/frame^2", "Second derivatives of the MFCC over 9 frames.",
       "librosa.feature.delta(order=2)", mfcc_bands, mfcc_delta<2>, mfcc_mean<2>, "mfcc"},
      {"rms", "rms", 0, "1", "Root mean square of each frame.", "librosa.feature.rms", one, root_mean_square},
      {"spectral_flatness", "spectral_flatness", 0, "1",
       "Geometric by arithmetic mean of a frame's power spectrum: 1 for a flat one.",
       "librosa.feature.spectral_flatness", one, flatness},
      {"spectral_contrast", "spectral_contrast{}", 1, "dB", "Peaks above valleys in 7 octave bands.",
       "librosa.feature.spectral_contrast", fixed<contrast_bands>, peaks_above_valleys},
      {"tonnetz", "tonnetz{}", 1, "1",
       "Tonal centroids of the chroma: fifths, minor and major thirds, sine and cosine each.",
       "librosa.feature.tonnetz(chroma=chroma_stft)", fixed<6>, tonal_centroids},
  };
}

std::vector<feature_preset> all_presets() {
  const std::vector<std::string> report{"zero_crossing_rate",
                                        "zero_crossings",
                                        "spectrogram",
                                        "mel_spectrogram",
                                        "harmonics",
                                        "perceptual_shock_wave",
                                        "spectral_centroids",
                                        "spectral_centroids_delta",
                                        "spectral_centroids_accelerate",
                                        "chroma",
                                        "tempo_bpm",
                                        "spectral_rolloff",
                                        "spectral_flux",
                                        "spectral_bandwidth_2",
                                        "spectral_bandwidth_3",
                                        "spectral_bandwidth_4",
                                        "mfcc",
                                        "mfcc_delta",
                                        "mfcc_accelerate"};
  std::vector<std::string> extended = report;
  for (const char* name : {"rms", "spectral_flatness", "spectral_contrast", "tonnetz"})
    extended.emplace_back(name);
  return {
      {"report", "The report's features with 20 MFCC, their means: 87 columns.", report, {"mean"}, 20},
      {"report-108", "The same with 27 MFCC: 108 columns, as the report's table has.", report, {"mean"}, 27},
      {"extended", "All features with 20 MFCC, means and variances: 202 columns.", extended, {"mean", "var"}, 20},
  };
}

} // namespace

const catalog<feature>& features() {
  static const catalog<feature> list("feature", all_features());
  return list;
}

const catalog<feature_preset>& feature_presets() {
  static const catalog<feature_preset> list("preset", all_presets());
  return list;
}

} // namespace fugato
