// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/spectral.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fugato {

namespace {

// librosa's defaults
constexpr float most_decibels = 80;     ///< below the largest level
constexpr float rolloff_share = 0.85f;  ///< of a frame's magnitude
constexpr double first_octave_hz = 200; ///< where the lowest band of the contrast ends
constexpr double extremes_share = 0.02; ///< of a band's bins make its peak, as many its valley

/// Below this librosa takes a norm for zero and divides by 1.
double over(double sum, double norm) { return sum / (norm < double{std::numeric_limits<float>::min()} ? 1 : norm); }

/// Lifts what is too far below the largest.
void clip_below(matrix& x) {
  float top = -std::numeric_limits<float>::infinity();
  for (std::size_t r = 0; r < x.rows(); ++r)
    top = std::max(top, *std::ranges::max_element(x[r]));
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (std::size_t t = 0; t < x.columns(); ++t)
      x.row(r)[t] = std::max(x.row(r)[t], top - most_decibels);
}

} // namespace

void spectral_moments(const kernels& k, const float* magnitude, std::size_t bins, frame_moments& out) {
  double moment[tile];
  k.moments(magnitude, bins, out.sum, moment, out.running);
  for (std::size_t l = 0; l < tile; ++l)
    out.centre[l] = static_cast<float>(over(moment[l], out.sum[l]));
}

void spectral_centroid(const frame_moments& moments, double bin_hz, float* out) {
  for (std::size_t l = 0; l < tile; ++l)
    out[l] = static_cast<float>(double{moments.centre[l]} * bin_hz);
}

void spectral_bandwidths(const kernels& k, const float* magnitude, std::size_t bins, const frame_moments& moments,
                         double bin_hz, float* out, std::size_t stride) {
  double spreads[3 * tile];
  k.spreads(magnitude, bins, moments.centre, spreads);
  for (std::size_t l = 0; l < tile; ++l) {
    const double second = over(spreads[l], moments.sum[l]);
    const double third = over(spreads[tile + l], moments.sum[l]);
    const double fourth = over(spreads[2 * tile + l], moments.sum[l]);
    out[l] = static_cast<float>(bin_hz * std::sqrt(second));
    out[stride + l] = static_cast<float>(bin_hz * std::cbrt(third));
    out[2 * stride + l] = static_cast<float>(bin_hz * std::sqrt(std::sqrt(fourth)));
  }
}

void spectral_rolloff(const kernels& k, const float* magnitude, std::size_t bins, const frame_moments& moments,
                      double bin_hz, float* out) {
  alignas(64) float threshold[tile];
  for (std::size_t l = 0; l < tile; ++l)
    threshold[l] = rolloff_share * moments.running[l];
  std::int32_t below[tile];
  k.ranks(magnitude, bins, threshold, below);
  for (std::size_t l = 0; l < tile; ++l)
    out[l] = static_cast<float>(below[l] * bin_hz);
}

void spectral_flatness(const kernels& k, const float* power, std::size_t bins, float* out) {
  double sum[tile];
  double logs[tile];
  k.flatness(power, bins, sum, logs);
  const auto n = static_cast<double>(bins);
  for (std::size_t l = 0; l < tile; ++l)
    out[l] = static_cast<float>(std::exp2(logs[l] / n) / (sum[l] / n));
}

bool contrast_fits(std::uint32_t rate, std::size_t n_fft) {
  return rate / 2.0 > 32 * first_octave_hz && rate <= first_octave_hz * static_cast<double>(n_fft);
}

contrast::octave contrast::octave_of(std::size_t band, std::size_t bins, double bin_hz) {
  const double low = band == 0 ? 0 : first_octave_hz * std::exp2(band - 1);
  const double high = first_octave_hz * std::exp2(band);
  std::size_t first = 0;
  while (static_cast<double>(first) * bin_hz < low)
    ++first;
  std::size_t last = first;
  while (last < bins && static_cast<double>(last) * bin_hz <= high)
    ++last;
  // As librosa has it: a band takes in the bin below it, and gives up its top bin after its size was taken; the last
  // band reaches up to the end.
  if (band > 0)
    --first;
  const bool top = band + 1 == contrast_bands;
  if (top)
    last = bins;
  const auto share = static_cast<std::size_t>(std::rint(extremes_share * static_cast<double>(last - first)));
  return {first, top ? last : last - 1, std::max<std::size_t>(1, share)};
}

contrast::contrast(std::uint32_t rate, std::size_t n_fft) {
  for (std::size_t band = 0; band < contrast_bands && contrast_fits(rate, n_fft); ++band) {
    octaves_.push_back(octave_of(band, n_fft / 2 + 1, static_cast<double>(rate) / static_cast<double>(n_fft)));
    grow(work_, 2 * octaves_.back().extremes * tile);
  }
}

void contrast::levels(const kernels& k, const float* magnitude, float* valleys, float* peaks, std::size_t stride) {
  for (std::size_t band = 0; band < octaves_.size(); ++band) {
    const auto [first, last, extremes] = octaves_[band];
    double low[tile];
    double high[tile];
    k.extremes(magnitude + first * tile, last - first, extremes, work_.data(), low, high);
    const auto n = static_cast<double>(extremes);
    for (std::size_t l = 0; l < tile; ++l) {
      valleys[band * stride + l] = static_cast<float>(low[l] / n);
      peaks[band * stride + l] = static_cast<float>(high[l] / n);
    }
  }
  k.decibels(valleys, contrast_bands, stride, valleys);
  k.decibels(peaks, contrast_bands, stride, peaks);
}

void contrast::difference(matrix& valleys, matrix& peaks, std::span<float> out) {
  clip_below(valleys);
  clip_below(peaks);
  const std::size_t frames = peaks.columns();
  for (std::size_t band = 0; band < contrast_bands; ++band)
    for (std::size_t t = 0; t < frames; ++t)
      out[band * frames + t] = peaks[band][t] - valleys[band][t];
}

void decibels_below(float peak, float factor, float amin, std::span<const float> row, std::span<float> out) {
  const float reference = factor * std::log10(std::max(amin, peak));
  for (std::size_t t = 0; t < row.size(); ++t)
    out[t] = std::max(-most_decibels, factor * std::log10(std::max(amin, row[t])) - reference);
}

} // namespace fugato
