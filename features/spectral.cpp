// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/spectral.hpp"

#include "features/sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fugato {

namespace {

/// Below this librosa takes a norm for zero and divides by 1.
constexpr double tiny = std::numeric_limits<float>::min();

double over(double sum, double norm) { return sum / (norm < tiny ? 1 : norm); }

tile_sums magnitude_sums(const matrix& m, std::size_t first) {
  return sum_rows(m.rows(), [&](std::size_t k, float* part) {
    const float* s = m.row(k) + first;
    for (std::size_t l = 0; l < tile; ++l)
      part[l] += s[l];
  });
}

template <unsigned p>
void bandwidth(const matrix& m, double bin_hz, std::span<const float> centroid, std::span<float> out) {
  for (std::size_t first = 0; first < m.columns(); first += tile) {
    const std::size_t count = std::min(tile, m.columns() - first);
    alignas(64) std::array<float, tile> c{};
    std::copy_n(centroid.data() + first, count, c.data());
    const tile_sums norm = magnitude_sums(m, first);
    const tile_sums spread = sum_rows(m.rows(), [&](std::size_t k, float* part) {
      const float* s = m.row(k) + first;
      const float f = static_cast<float>(static_cast<double>(k) * bin_hz);
      for (std::size_t l = 0; l < tile; ++l) {
        const float d = std::abs(f - c[l]);
        const float square = d * d;
        part[l] += s[l] * (p == 2 ? square : p == 3 ? square * d : square * square);
      }
    });
    for (std::size_t l = 0; l < count; ++l)
      out[first + l] = static_cast<float>(std::pow(over(spread[l], norm[l]), 1.0 / p));
  }
}

/// librosa's power_to_db of what is already a level: 10 log10, at most 80 dB below the largest.
void to_decibels(std::span<float> x) {
  float top = -std::numeric_limits<float>::infinity();
  for (float& v : x) {
    v = 10 * std::log10(std::max(1e-10f, v));
    top = std::max(top, v);
  }
  for (float& v : x)
    v = std::max(v, top - 80);
}

/// Bins of a band, and how many of them make its peak and its valley.
struct octave {
  std::size_t first;
  std::size_t last; ///< one past
  std::size_t extremes;
};

octave octave_of(std::size_t band, std::size_t bins, double bin_hz) {
  const double low = band == 0 ? 0 : 200 * std::exp2(band - 1);
  const double high = 200 * std::exp2(band);
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
  const auto share = static_cast<std::size_t>(std::rint(0.02 * static_cast<double>(last - first)));
  return {first, top ? last : last - 1, std::max<std::size_t>(1, share)};
}

float mean_of(std::span<const float> x) {
  double sum = 0;
  for (const float v : x)
    sum += v;
  return static_cast<float>(sum / static_cast<double>(x.size()));
}

} // namespace

void magnitude(const matrix& power, matrix& out) {
  out.reshape(power.rows(), power.columns());
  const float* from = power.row(0);
  float* to = out.row(0);
  for (std::size_t i = 0; i < power.rows() * power.stride(); ++i)
    to[i] = std::sqrt(from[i]);
}

float peak(const matrix& m) {
  std::array<float, tile> top{};
  const float* x = m.row(0);
  for (std::size_t i = 0; i < m.rows() * m.stride(); i += tile)
    for (std::size_t l = 0; l < tile; ++l)
      top[l] = top[l] < x[i + l] ? x[i + l] : top[l];
  return *std::max_element(top.begin(), top.end());
}

void decibels_below(float peak, float factor, float amin, std::span<const float> row, std::span<float> out) {
  const float reference = factor * std::log10(std::max(amin, peak));
  for (std::size_t t = 0; t < row.size(); ++t)
    out[t] = std::max(-80.0f, factor * std::log10(std::max(amin, row[t])) - reference);
}

void spectral_centroid(const matrix& magnitude, double bin_hz, std::span<float> out) {
  for (std::size_t first = 0; first < magnitude.columns(); first += tile) {
    const tile_sums norm = magnitude_sums(magnitude, first);
    const tile_sums moment = sum_rows(magnitude.rows(), [&](std::size_t k, float* part) {
      const float* s = magnitude.row(k) + first;
      const float f = static_cast<float>(static_cast<double>(k) * bin_hz);
      for (std::size_t l = 0; l < tile; ++l)
        part[l] += f * s[l];
    });
    for (std::size_t l = 0; l < std::min(tile, magnitude.columns() - first); ++l)
      out[first + l] = static_cast<float>(over(moment[l], norm[l]));
  }
}

void spectral_bandwidth(const matrix& magnitude, double bin_hz, std::span<const float> centroid, unsigned p,
                        std::span<float> out) {
  const auto of_order = p == 2 ? bandwidth<2> : p == 3 ? bandwidth<3> : bandwidth<4>;
  of_order(magnitude, bin_hz, centroid, out);
}

void spectral_rolloff(const matrix& magnitude, double bin_hz, std::span<float> out) {
  for (std::size_t first = 0; first < magnitude.columns(); first += tile) {
    std::array<float, tile> sum{};
    for (std::size_t k = 0; k < magnitude.rows(); ++k)
      for (std::size_t l = 0; l < tile; ++l)
        sum[l] += magnitude.row(k)[first + l];
    std::array<float, tile> threshold{};
    for (std::size_t l = 0; l < tile; ++l)
      threshold[l] = 0.85f * sum[l];
    sum.fill(0);
    // The sums never fall, so the bins whose sum is below the threshold are those before the first that is not.
    std::array<std::int32_t, tile> below{};
    for (std::size_t k = 0; k < magnitude.rows(); ++k)
      for (std::size_t l = 0; l < tile; ++l) {
        sum[l] += magnitude.row(k)[first + l];
        below[l] += sum[l] < threshold[l] ? 1 : 0;
      }
    for (std::size_t l = 0; l < std::min(tile, magnitude.columns() - first); ++l)
      out[first + l] = static_cast<float>(below[l] * bin_hz);
  }
}

void spectral_flatness(const matrix& power, std::span<float> out) {
  // One logarithm for 8 values: their product, each in [1e-10, 3.4e38], fits a double.
  constexpr std::size_t product_of = 8;
  const auto bins = static_cast<double>(power.rows());
  for (std::size_t first = 0; first < power.columns(); first += tile) {
    std::array<double, tile> sum{};
    std::array<double, tile> logs{};
    for (std::size_t k0 = 0; k0 < power.rows(); k0 += product_of) {
      std::array<double, tile> product;
      product.fill(1);
      for (std::size_t k = k0; k < std::min(k0 + product_of, power.rows()); ++k)
        for (std::size_t l = 0; l < tile; ++l) {
          const double p = std::max(1e-10f, power.row(k)[first + l]);
          sum[l] += p;
          product[l] *= p;
        }
      for (std::size_t l = 0; l < tile; ++l)
        logs[l] += std::log(product[l]);
    }
    for (std::size_t l = 0; l < std::min(tile, power.columns() - first); ++l)
      out[first + l] = static_cast<float>(std::exp(logs[l] / bins) / (sum[l] / bins));
  }
}

bool contrast_fits(std::uint32_t rate, std::size_t n_fft) {
  return rate / 2.0 > 6400 && rate <= 200.0 * static_cast<double>(n_fft);
}

void spectral_contrast(const matrix& magnitude, double bin_hz, std::span<float> scratch, std::span<float> out) {
  const std::size_t frames = magnitude.columns();
  const std::size_t values = contrast_bands * frames;
  const std::span<float> valleys = scratch.subspan(magnitude.rows(), values);
  for (std::size_t band = 0; band < contrast_bands; ++band) {
    const auto [first, last, extremes] = octave_of(band, magnitude.rows(), bin_hz);
    const std::span<float> column = scratch.first(last - first);
    const auto begin = column.begin();
    const auto end = column.end();
    const auto n = static_cast<std::ptrdiff_t>(extremes);
    for (std::size_t t = 0; t < frames; ++t) {
      for (std::size_t k = first; k < last; ++k)
        column[k - first] = magnitude.row(k)[t];
      std::nth_element(begin, begin + n - 1, end);
      valleys[band * frames + t] = mean_of(column.first(extremes));
      std::nth_element(begin, end - n, end);
      out[band * frames + t] = mean_of(column.last(extremes));
    }
  }
  to_decibels(valleys);
  to_decibels(out);
  for (std::size_t i = 0; i < values; ++i)
    out[i] -= valleys[i];
}

} // namespace fugato
