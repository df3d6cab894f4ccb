// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/cepstral.hpp"

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

std::vector<mel_filter> mel_filters(std::uint32_t rate, std::size_t n_fft) {
  std::vector<mel_filter> filters;
  const double top = mel_of(rate / 2.0);
  std::array<double, mel_bands + 2> edge;
  for (std::size_t i = 0; i < edge.size(); ++i)
    edge[i] = hz_of(top * static_cast<double>(i) / static_cast<double>(mel_bands + 1));
  for (std::size_t b = 0; b < mel_bands; ++b) {
    mel_filter f{0, {}};
    const double norm = 2 / (edge[b + 2] - edge[b]);
    const double bins_a_hz = static_cast<double>(n_fft) / rate;
    const auto last = std::min(n_fft / 2, static_cast<std::size_t>(edge[b + 2] * bins_a_hz) + 1);
    for (auto k = static_cast<std::size_t>(edge[b] * bins_a_hz); k <= last; ++k) {
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
    filters.push_back(std::move(f));
  }
  return filters;
}

double mel_band_of(double hz, std::uint32_t rate) { return mel_of(hz) / mel_of(rate / 2.0) * (mel_bands + 1) - 1; }

void limit_range(const kernels& k, matrix& db) { k.limit_range(db.row(0), db.rows() * db.stride(), 80); }

std::vector<float> dct_basis(std::size_t n_mfcc) {
  std::vector<float> basis;
  for (std::size_t i = 0; i < n_mfcc; ++i)
    for (std::size_t b = 0; b < mel_bands; ++b) {
      const auto angle = static_cast<double>(i * (2 * b + 1)) * std::numbers::pi / (2 * mel_bands);
      basis.push_back(static_cast<float>(std::sqrt((i > 0 ? 2.0 : 1.0) / mel_bands) * std::cos(angle)));
    }
  return basis;
}

void mfcc(const kernels& k, const matrix& mel_db, std::span<const float> basis, matrix& out) {
  out.reshape(basis.size() / mel_bands, mel_db.columns());
  for (std::size_t first = 0; first < out.stride(); first += tile)
    for (std::size_t i = 0; i < out.rows(); ++i)
      k.combine(basis.subspan(i * mel_bands, mel_bands), mel_db.row(0) + first, mel_db.stride(), out.row(i) + first);
}

void mfcc(std::span<const double> mel_db, std::span<const float> basis, std::span<float> out) {
  constexpr std::size_t at_once = 4; // sums that do not wait for each other
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::array<double, at_once> sums{};
    for (std::size_t b = 0; b < mel_bands; b += at_once)
      for (std::size_t part = 0; part < at_once; ++part)
        sums[part] += double{basis[i * mel_bands + b + part]} * mel_db[b + part];
    out[i] = static_cast<float>(sums[0] + sums[1] + sums[2] + sums[3]);
  }
}

namespace {

/// Least squares over -4 .. 4: slope = sum k x / 60, second derivative = sum (3 k^2 - 20) x / 462.
struct delta_filter {
  std::array<double, delta_width> taps;
  double norm;
};

const delta_filter& delta_filter_of(unsigned order) {
  static constexpr delta_filter slope{{-4, -3, -2, -1, 0, 1, 2, 3, 4}, 60};
  static constexpr delta_filter curvature{{28, 7, -8, -17, -20, -17, -8, 7, 28}, 462};
  return order == 1 ? slope : curvature;
}

double inner_product(const delta_filter& f, const float* x) {
  double sum = 0;
  for (std::size_t i = 0; i < delta_width; ++i)
    sum += f.taps[i] * double{x[i]};
  return sum / f.norm;
}

constexpr std::size_t half_width = delta_width / 2;

} // namespace

void delta(std::span<const float> x, unsigned order, std::span<float> out) {
  if (x.size() < delta_width) {
    std::fill(out.begin(), out.end(), 0.0f);
    return;
  }
  // A line has one slope and a parabola one second derivative, so the edges repeat the outermost whole window's value.
  const delta_filter& f = delta_filter_of(order);
  const std::size_t n = x.size();
  for (std::size_t t = half_width; t < n - half_width; ++t)
    out[t] = static_cast<float>(inner_product(f, x.data() + t - half_width));
  std::fill(out.begin(), out.begin() + half_width, out[half_width]);
  std::fill(out.end() - half_width, out.end(), out[n - half_width - 1]);
}

double mean_delta(std::span<const float> x, unsigned order) {
  if (x.size() < delta_width)
    return 0;
  // Tap i passes over all of x but the first i and the last 8 - i; since the taps add up to 0, what it passes over
  // counts as minus what it leaves out.
  const delta_filter& f = delta_filter_of(order);
  const std::size_t n = x.size();
  double before = 0;
  double after = 0;
  for (std::size_t j = 1; j < delta_width; ++j)
    after += double{x[n - j]};
  double sum = 0;
  for (std::size_t i = 0; i < delta_width; ++i) {
    sum -= f.taps[i] * (before + after) / f.norm;
    before += double{x[i]};
    after -= i + 1 < delta_width ? double{x[n - delta_width + 1 + i]} : 0;
  }
  sum += half_width * (inner_product(f, x.data()) + inner_product(f, x.data() + n - delta_width));
  return sum / static_cast<double>(n);
}

} // namespace fugato
