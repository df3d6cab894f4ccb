// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/separation.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace fugato {

namespace {

constexpr float tiny = std::numeric_limits<float>::min();
constexpr std::size_t width = 31; ///< of the medians
constexpr std::ptrdiff_t reach = width / 2;
constexpr std::size_t block = 16; ///< outputs that a running median makes at once

/// Frames at either end whose samples are not all covered by as many frames as in the
/// middle; all of them where the squared windows do not add up to a constant.
std::size_t edge_frames(std::size_t frames, std::size_t n_fft, std::size_t hop_length) {
  const std::size_t overlap = n_fft / hop_length;
  if (n_fft % hop_length != 0 || overlap < 3)
    return frames;
  return std::min(frames, overlap - 1);
}

double sum_where_covered(std::span<const float> y, std::span<const float> weights) {
  double sum = 0;
  for (std::size_t n = 0; n < y.size(); ++n)
    sum += weights[n] > tiny ? double{y[n]} : 0;
  return sum;
}

} // namespace

std::size_t mirrored(std::ptrdiff_t i, std::size_t n) {
  if (0 <= i && i < static_cast<std::ptrdiff_t>(n))
    return static_cast<std::size_t>(i);
  const auto period = static_cast<std::ptrdiff_t>(2 * n);
  const auto place = static_cast<std::size_t>(((i % period) + period) % period);
  return place < n ? place : 2 * n - 1 - place;
}

void separator::medians_in_time(const tiled& power, std::size_t k0, range frames) {
  const std::size_t outputs = frames.last - frames.first;
  const std::size_t n = power.columns();
  rows_.resize(round_up(outputs, block) + width - 1);
  grow(turned_, power.tiles() * tile * tile);
  grow(medians_, round_up(outputs, block) * tile);
  std::size_t low = n;
  std::size_t high = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    // Rows that only whole blocks need may be any.
    const std::size_t t =
        i < outputs + width - 1 ? mirrored(static_cast<std::ptrdiff_t>(frames.first + i) - reach, n) : frames.first;
    rows_[i] = turned_.data() + t * tile;
    low = std::min(low, t);
    high = std::max(high, t);
  }
  std::array<const float*, tile> columns;
  for (std::size_t i = low / tile; i <= high / tile; ++i) {
    for (std::size_t b = 0; b < tile; ++b)
      columns[b] = power[i] + std::min(k0 + b, power.rows() - 1) * tile;
    kernels_->interleave(columns.data(), tile, tile, turned_.data() + i * tile * tile, tile);
  }
  kernels_->running_median(rows_.data(), outputs, medians_.data());
}

void separator::medians_in_frequency(const float* tile_power, std::size_t bins, std::size_t outputs) {
  rows_.resize(round_up(outputs, block) + width - 1);
  grow(medians_, round_up(outputs, block) * tile);
  for (std::size_t i = 0; i < rows_.size(); ++i)
    rows_[i] = tile_power + mirrored(static_cast<std::ptrdiff_t>(i) - reach, bins) * tile;
  kernels_->running_median(rows_.data(), outputs, medians_.data());
}

void separator::harmonic_masks(const tiled& power) {
  harmonic_.reshape(power.rows(), power.columns());
  grow(medians_, harmonic_.tiles() * tile * tile);
  std::array<const float*, tile> rows;
  std::array<float, tile * tile> turned;
  for (std::size_t k0 = 0; k0 < power.rows(); k0 += tile) {
    medians_in_time(power, k0, {0, power.columns()});
    const std::size_t bins = std::min(tile, power.rows() - k0);
    for (std::size_t i = 0; i < harmonic_.tiles(); ++i) {
      for (std::size_t l = 0; l < tile; ++l)
        rows[l] = medians_.data() + (i * tile + l) * tile;
      kernels_->interleave(rows.data(), tile, tile, turned.data(), tile);
      std::copy_n(turned.data(), bins * tile, harmonic_[i] + k0 * tile);
    }
  }
  for (std::size_t i = 0; i < harmonic_.tiles(); ++i) {
    medians_in_frequency(power[i], power.rows(), power.rows());
    kernels_->soft_mask(harmonic_[i], medians_.data(), power.rows() * tile, harmonic_[i]);
  }
}

void separator::add_frames(const tiled& power, std::size_t i, stft& transform) {
  const std::size_t frames = power.frames_of(i);
  transform.transform(i, bins_.data());
  for (std::size_t row = 0; frames < tile && row < 2 * power.rows(); ++row)
    std::fill(bins_.data() + row * tile + frames, bins_.data() + (row + 1) * tile, 0.0f);
  kernels_->scale_bins(harmonic_[i], power.rows(), bins_.data());
  transform.inverse(bins_.data(), frames_.data());
  const std::size_t hop = transform.hop_length();
  kernels_->overlap_add(frames_.data(), transform.n_fft(), hop, added_.data() + i * tile, added_.size() / hop);
}

separated separator::separate(std::span<const float> y, const tiled& power, stft& transform) {
  const std::size_t hop = transform.hop_length();
  const std::size_t half = transform.n_fft() / 2;
  harmonic_masks(power);
  grow(bins_, 2 * power.rows() * tile);
  grow(frames_, transform.n_fft() * tile);
  const std::size_t hops = round_up(power.columns(), tile) + (transform.n_fft() - 1) / hop;
  added_.assign(hop * round_up(hops, tile), 0);
  for (std::size_t i = 0; i < power.tiles(); ++i)
    add_frames(power, i, transform);
  // Back to samples in a row; the first is half a frame in.
  const std::size_t stride = added_.size() / hop;
  rows_.resize(hop);
  for (std::size_t r = 0; r < hop; ++r)
    rows_[r] = added_.data() + r * stride;
  grow(frames_, hop * stride);
  kernels_->interleave(rows_.data(), hop, stride, frames_.data(), hop);
  grow(harmonic_samples_, y.size());
  grow(percussive_samples_, y.size());
  kernels_->part_samples(y.data(), frames_.data() + half, transform.window_sum(y.size()).data(), y.size(),
                         harmonic_samples_.data(), percussive_samples_.data());
  return {{harmonic_samples_.data(), y.size()}, {percussive_samples_.data(), y.size()}};
}

void separator::list_edges(std::size_t samples, stft& transform) {
  if (samples == samples_)
    return;
  samples_ = samples;
  const std::size_t frames = transform.frames(samples);
  edge_ = edge_frames(frames, transform.n_fft(), transform.hop_length());
  edges_.clear();
  for (std::size_t t = 0; t < frames; ++t)
    if (t < edge_ || t >= frames - edge_)
      edges_.push_back(t);
  const std::span<const float> weights = transform.window_sum(samples);
  all_covered_ = std::all_of(weights.begin(), weights.end(), [](float w) { return w > tiny; });
  // sum_j g[j] x[j] = sum over all n_fft bins of X[k] G*[k] / n_fft, g being the window over the sum of squared ones.
  const std::size_t n = transform.n_fft();
  const std::size_t half = n / 2;
  const std::size_t size = 2 * transform.bins() * tile;
  grow(gains_, round_up(edges_.size(), tile) / tile * size);
  grow(frames_, tile * n);
  std::array<const float*, tile> columns;
  for (std::size_t first = 0; first < edges_.size(); first += tile) {
    const std::size_t count = std::min(tile, edges_.size() - first);
    for (std::size_t l = 0; l < count; ++l) {
      float* inverse = frames_.data() + l * n;
      const std::size_t centre = edges_[first + l] * transform.hop_length();
      for (std::size_t j = 0; j < n; ++j) {
        const bool inside = centre + j >= half && centre + j - half < samples;
        const float weight = inside ? weights[centre + j - half] : 0;
        inverse[j] = weight > tiny ? 1 / weight : 0;
      }
      columns[l] = inverse;
    }
    transform.transform(std::span<const float* const>(columns).first(count), gains_.data() + first / tile * size);
  }
}

double separator::edge_sum(const tiled& power, std::span<const std::size_t> frames, const float* gains,
                           stft& transform) {
  const std::size_t bins = power.rows();
  grow(bins_, 2 * bins * tile);
  grow(edge_power_, bins * tile);
  grow(edge_harmonic_, bins * tile);
  grow(mask_, bins * tile);
  transform.transform(frames, bins_.data());
  for (std::size_t k = 0; k < bins; ++k)
    for (std::size_t l = 0; l < frames.size(); ++l)
      edge_power_[k * tile + l] = power(k, frames[l]);
  // Neighbouring frames share their medians along time.
  for (std::size_t from = 0, to = 0; from < frames.size(); from = to) {
    for (to = from + 1; to < frames.size() && frames[to] == frames[to - 1] + 1;)
      ++to;
    for (std::size_t k0 = 0; k0 < bins; k0 += tile) {
      medians_in_time(power, k0, {frames[from], frames[to - 1] + 1});
      for (std::size_t l = from; l < to; ++l)
        for (std::size_t b = 0; b < std::min(tile, bins - k0); ++b)
          edge_harmonic_[(k0 + b) * tile + l] = medians_[(l - from) * tile + b];
    }
  }
  medians_in_frequency(edge_power_.data(), bins, bins);
  kernels_->soft_mask(edge_harmonic_.data(), medians_.data(), bins * tile, mask_.data());
  double sum = 0;
  for (std::size_t k = 0; k < bins; ++k) {
    const double twins = k == 0 || k + 1 == bins ? 1 : 2; // bin n_fft - k is bin k's conjugate
    for (std::size_t l = 0; l < frames.size(); ++l) {
      const std::size_t re = 2 * k * tile + l;
      const std::size_t im = re + tile;
      sum += twins * double{mask_[k * tile + l]} *
             (double{bins_[re]} * double{gains[re]} + double{bins_[im]} * double{gains[im]});
    }
  }
  return sum / static_cast<double>(transform.n_fft());
}

double separator::inner_sum(const tiled& power, const tiled& low, range frames) {
  // sum_j w[j] x[j] of a frame x with bins X is (X[0] - X[1]) / 2, the window being (2 - e^ia - e^-ia) / 4.
  constexpr std::size_t bins = 2;
  medians_in_time(power, 0, frames);
  harmonic_.reshape(bins, power.columns());
  for (std::size_t t = frames.first; t < frames.last; ++t)
    for (std::size_t k = 0; k < bins; ++k)
      harmonic_[t / tile][k * tile + t % tile] = medians_[(t - frames.first) * tile + k];
  double sum = 0;
  for (std::size_t i = frames.first / tile; i * tile < frames.last; ++i) {
    std::array<float, bins * tile> mask;
    medians_in_frequency(power[i], power.rows(), bins);
    kernels_->soft_mask(harmonic_[i], medians_.data(), mask.size(), mask.data());
    for (std::size_t t = std::max(frames.first, i * tile); t < std::min(frames.last, (i + 1) * tile); ++t) {
      const std::size_t l = t % tile;
      sum += 0.5 * (double{mask[l] * low[i][l]} - double{mask[tile + l] * low[i][tile + l]});
    }
  }
  return sum;
}

separated_means separator::means(std::span<const float> y, const tiled& power, const tiled& low, stft& transform) {
  list_edges(y.size(), transform);
  const std::size_t frames = power.columns();
  const std::size_t size = 2 * transform.bins() * tile;
  double sum = 0;
  for (std::size_t first = 0; first < edges_.size(); first += tile)
    sum += edge_sum(power, std::span(edges_).subspan(first, std::min(tile, edges_.size() - first)),
                    gains_.data() + first / tile * size, transform);
  if (2 * edge_ < frames) {
    const double covering =
        0.375 * static_cast<double>(transform.n_fft()) / static_cast<double>(transform.hop_length());
    sum += inner_sum(power, low, {edge_, frames - edge_}) / covering;
  }
  const double whole =
      all_covered_ ? kernels_->sum(y.data(), y.size()) : sum_where_covered(y, transform.window_sum(y.size()));
  const auto samples = static_cast<double>(y.size());
  return {sum / samples, (whole - sum) / samples};
}

} // namespace fugato
