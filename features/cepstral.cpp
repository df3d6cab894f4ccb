// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/cepstral.hpp"

#include "features/spectral.hpp"
#include "features/sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace fugato {

namespace {

// Slaney's scale: 200/3 Hz a mel up to 1 kHz, then a factor of 6.4 in 27 mel.
constexpr double linear_step = 200.0 / 3;
constexpr double knee_hz = 1000;
constexpr double knee_mel = knee_hz / linear_step;
const double log_step = std::log(6.4) / 27;

double mel_of(double hz) { return hz < knee_hz ? hz / linear_step : knee_mel + std::log(hz / knee_hz) / log_step; }

double hz_of(double mel) {
  return mel < knee_mel ? mel * linear_step : knee_hz * std::exp(log_step * (mel - knee_mel));
}

} // namespace

mel_filters::mel_filters(std::uint32_t rate, std::size_t n_fft) {
  const double top = mel_of(rate / 2.0);
  std::array<double, mel_bands + 2> edge;
  for (std::size_t i = 0; i < edge.size(); ++i)
    edge[i] = hz_of(top * static_cast<double>(i) / static_cast<double>(mel_bands + 1));
  for (std::size_t b = 0; b < mel_bands; ++b) {
    filter f{0, {}};
    const double norm = 2 / (edge[b + 2] - edge[b]);
    for (std::size_t k = 0; k <= n_fft / 2; ++k) {
      const double hz = static_cast<double>(k) * rate / static_cast<double>(n_fft);
      const double rising = (hz - edge[b]) / (edge[b + 1] - edge[b]);
      const double falling = (edge[b + 2] - hz) / (edge[b + 2] - edge[b + 1]);
      const double weight = std::min(rising, falling);
      if (weight <= 0)
        continue;
      if (f.weights.empty())
        f.first = k;
      f.weights.push_back(static_cast<float>(weight * norm));
    }
    filters_.push_back(std::move(f));
  }
}

void mel_filters::apply(const matrix& power, matrix& mel) const {
  mel.reshape(mel_bands, power.columns());
  for (std::size_t b = 0; b < mel_bands; ++b) {
    float* out = mel.row(b);
    std::fill_n(out, mel.stride(), 0.0f);
    std::size_t k = filters_[b].first;
    for (const float weight : filters_[b].weights) {
      const float* p = power.row(k++);
      for (std::size_t t = 0; t < mel.stride(); ++t)
        out[t] += weight * p[t];
    }
  }
}

float mel_filters::weight(std::size_t band, std::size_t bin) const {
  const auto& [first, weights] = filters_[band];
  return bin >= first && bin - first < weights.size() ? weights[bin - first] : 0;
}

void power_to_db(const matrix& power, matrix& out) {
  out.reshape(power.rows(), power.columns());
  constexpr auto factor = static_cast<float>(10 / std::numbers::ln10);
  const float floor = factor * std::log(std::max(1e-10f, peak(power))) - 80;
  const float* from = power.row(0);
  float* to = out.row(0);
  for (std::size_t i = 0; i < power.rows() * power.stride(); ++i)
    to[i] = std::max(floor, factor * std::log(std::max(1e-10f, from[i])));
}

std::vector<float> dct_basis(std::size_t n_mfcc) {
  std::vector<float> basis;
  for (std::size_t i = 0; i < n_mfcc; ++i)
    for (std::size_t b = 0; b < mel_bands; ++b) {
      const auto angle = static_cast<double>(i * (2 * b + 1)) * std::numbers::pi / (2 * mel_bands);
      basis.push_back(static_cast<float>(std::sqrt((i > 0 ? 2.0 : 1.0) / mel_bands) * std::cos(angle)));
    }
  return basis;
}

void mfcc(const matrix& mel_db, std::span<const float> basis, matrix& out) {
  out.reshape(basis.size() / mel_bands, mel_db.columns());
  for (std::size_t first = 0; first < out.stride(); first += tile)
    for (std::size_t i = 0; i < out.rows(); ++i) {
      const float* c = basis.data() + i * mel_bands;
      const tile_sums sum = sum_rows(mel_bands, [&](std::size_t b, float* part) {
        const float* x = mel_db.row(b) + first;
        for (std::size_t l = 0; l < tile; ++l)
          part[l] += c[b] * x[l];
      });
      for (std::size_t l = 0; l < tile; ++l)
        out.row(i)[first + l] = static_cast<float>(sum[l]);
    }
}

void delta(std::span<const float> x, unsigned order, std::span<float> out) {
  // Least squares over -4 .. 4: slope = sum k x / 60, second derivative = sum (3 k^2 - 20) x / 462. A line has one
  // slope and a parabola one second derivative, so the edges repeat the outermost whole window's value.
  constexpr std::array<double, delta_width> first{-4, -3, -2, -1, 0, 1, 2, 3, 4};
  constexpr std::array<double, delta_width> second{28, 7, -8, -17, -20, -17, -8, 7, 28};
  const std::array<double, delta_width>& taps = order == 1 ? first : second;
  const double norm = order == 1 ? 60 : 462;
  if (x.size() < delta_width) {
    std::fill(out.begin(), out.end(), 0.0f);
    return;
  }
  constexpr std::size_t half = delta_width / 2;
  const std::size_t n = x.size();
  for (std::size_t t = half; t < n - half; ++t) {
    double sum = 0;
    for (std::size_t i = 0; i < delta_width; ++i)
      sum += taps[i] * double{x[t + i - half]};
    out[t] = static_cast<float>(sum / norm);
  }
  std::fill(out.begin(), out.begin() + half, out[half]);
  std::fill(out.end() - half, out.end(), out[n - half - 1]);
}

} // namespace fugato
