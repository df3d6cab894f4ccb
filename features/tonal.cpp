// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/tonal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fugato {

namespace {

constexpr double lowest_a = 27.5; ///< [Hz]

/// The step whose range [tuning_of(step), tuning_of(step + 1)) holds x.
std::size_t step_of(double x) {
  auto step = static_cast<std::size_t>(std::clamp((x + 0.5) * tuning_steps, 0.0, double{tuning_steps} - 1));
  while (step > 0 && x < tuning_of(step))
    --step;
  while (step + 1 < tuning_steps && x >= tuning_of(step + 1))
    ++step;
  return step;
}

double modulo(double x, double m) { return x - m * std::floor(x / m); }

} // namespace

double tuning_of(std::size_t step) { return static_cast<double>(step) * 0.01 - 0.5; }

void tuning_estimator::begin(std::size_t bins, std::size_t frames) {
  pitches_.clear();
  // Of two neighbours at most one is a peak.
  pitches_.reserve((bins / 2 + 1) * frames);
  found_.resize((bins / 2 + 1) * tile + tile);
}

void tuning_estimator::add(const kernels& k, const float* tile_power, std::size_t bins, const float* peaks,
                           double bin_hz) {
  const auto bin_from = [&](double hz) { return static_cast<std::size_t>(std::ceil(hz / bin_hz)); };
  const std::size_t first = std::max<std::size_t>(1, bin_from(150));
  const std::size_t last = std::min(bins - 1, bin_from(4000));
  alignas(64) std::array<float, tile> gate;
  for (std::size_t l = 0; l < tile; ++l)
    gate[l] = 0.1f * peaks[l];
  const std::size_t count = k.local_peaks(tile_power, first, last, gate.data(), found_.data());
  for (std::size_t i = 0; i < count; ++i) {
    const float* at = tile_power + found_[i];
    const double x = *at;
    const double below = *(at - tile);
    const double above = at[tile];
    const double curvature = above + below - 2 * x;
    const double slope = (above - below) / 2;
    const double shift = std::abs(slope) >= std::abs(curvature) ? 0 : -slope / curvature;
    const auto bin = static_cast<double>(found_[i] / tile);
    pitches_.push_back({(bin + shift) * bin_hz, x + 0.5 * slope * shift});
  }
}

std::size_t tuning_estimator::step() {
  if (pitches_.empty())
    return step_of(0);
  const double threshold = median_level();
  std::array<std::size_t, tuning_steps> votes{};
  for (const pitch& p : pitches_) {
    if (p.level < threshold || p.hz <= 0)
      continue;
    const double residual = modulo(12 * std::log2(p.hz / lowest_a), 1);
    ++votes[step_of(residual >= 0.5 ? residual - 1 : residual)];
  }
  return static_cast<std::size_t>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

double tuning_estimator::median_level() {
  levels_.clear();
  levels_.reserve(pitches_.capacity());
  for (const pitch& p : pitches_)
    levels_.push_back(p.level);
  const auto middle = levels_.begin() + static_cast<std::ptrdiff_t>(levels_.size() / 2);
  std::nth_element(levels_.begin(), middle, levels_.end());
  if (levels_.size() % 2 == 1)
    return *middle;
  return (*middle + *std::max_element(levels_.begin(), middle)) / 2;
}

chroma_filters::chroma_filters(std::uint32_t rate, std::size_t n_fft)
    : rate_(rate),
      n_fft_(n_fft),
      banks_(std::make_unique_for_overwrite<float[]>(tuning_steps * (n_fft / 2 + 1) * chroma_bands)) {}

std::span<const float> chroma_filters::bank(std::size_t step) {
  const std::size_t size = (n_fft_ / 2 + 1) * chroma_bands;
  float* bank = banks_.get() + step * size;
  if (!made_[step]) {
    make(tuning_of(step), bank);
    made_[step] = true;
  }
  return {bank, size};
}

void chroma_filters::make(double tuning, float* bank) const {
  const double a0 = lowest_a * std::exp2(tuning / 12);
  // The pitch of a bin in semitones above A0; bin 0 is put an octave and a half below bin 1.
  const auto semitone = [&](std::size_t k) {
    return 12 * std::log2(static_cast<double>(std::max<std::size_t>(k, 1)) * rate_ / static_cast<double>(n_fft_) / a0) -
           (k == 0 ? 18 : 0);
  };
  double pitch = semitone(0);
  for (std::size_t k = 0; k <= n_fft_ / 2; ++k) {
    const double next = semitone(k + 1);
    const double width = std::max(next - pitch, 1.0);
    std::array<double, chroma_bands> weights;
    double norm = 0;
    for (std::size_t c = 0; c < chroma_bands; ++c) {
      const double distance = modulo(pitch - static_cast<double>(c) + 6, 12) - 6;
      weights[c] = std::exp(-2 * distance * distance / (width * width));
      norm += weights[c] * weights[c];
    }
    const double octave = (pitch / 12 - 5) / 2;
    const double scale = std::exp(-0.5 * octave * octave) / std::sqrt(norm);
    // Class 0 is A here and C in the bank.
    for (std::size_t c = 0; c < chroma_bands; ++c)
      *bank++ = static_cast<float>(scale * weights[(c + 3) % chroma_bands]);
    pitch = next;
  }
}

void normalise_frames(const matrix& m, matrix& out) {
  out.reshape(m.rows(), m.columns());
  for (std::size_t t0 = 0; t0 < m.stride(); t0 += tile) {
    std::array<float, tile> top{};
    for (std::size_t r = 0; r < m.rows(); ++r)
      for (std::size_t l = 0; l < tile; ++l)
        top[l] = std::max(top[l], m.row(r)[t0 + l]);
    for (float& x : top)
      x = x < std::numeric_limits<float>::min() ? 1 : x;
    for (std::size_t r = 0; r < m.rows(); ++r)
      for (std::size_t l = 0; l < tile; ++l)
        out.row(r)[t0 + l] = m.row(r)[t0 + l] / top[l];
  }
}

void tonnetz(const matrix& chroma, std::span<float> out) {
  constexpr std::array<double, 6> turns{7.0 / 6, 7.0 / 6, 3.0 / 2, 3.0 / 2, 2.0 / 3, 2.0 / 3};
  constexpr std::array<double, 6> radius{1, 1, 1, 1, 0.5, 0.5};
  const std::size_t frames = chroma.columns();
  for (std::size_t i = 0; i < turns.size(); ++i) {
    std::array<double, chroma_bands> basis;
    for (std::size_t c = 0; c < chroma_bands; ++c) // sines, then cosines
      basis[c] = radius[i] * std::cos(std::numbers::pi * (turns[i] * static_cast<double>(c) - (i % 2 == 0 ? 0.5 : 0)));
    for (std::size_t t = 0; t < frames; ++t) {
      double sum = 0;
      double norm = 0;
      for (std::size_t c = 0; c < chroma_bands; ++c) {
        sum += basis[c] * double{chroma.row(c)[t]};
        norm += double{chroma.row(c)[t]};
      }
      out[i * frames + t] = static_cast<float>(sum / (norm < std::numeric_limits<float>::min() ? 1 : norm));
    }
  }
}

} // namespace fugato
