// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/separation.hpp"

#include "features/median.hpp"

#include <algorithm>
#include <limits>

namespace fugato {

namespace {

constexpr float tiny = std::numeric_limits<float>::min();
constexpr std::size_t reach = median_width / 2;

/// H^2 / (H^2 + P^2), from the ratio of the two so that no square underflows; 1/2 where both are 0.
lanes harmonic_mask(lanes h, lanes p) {
  const lanes top = upper(h, p);
  const lanes one = {1, 1, 1, 1};
  const lanes ratio = lower(h, p) / (top < tiny ? one : top);
  const lanes square = ratio * ratio;
  return top < tiny ? one / 2 : (h < p ? square : one) / (one + square);
}

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

std::span<const lanes> separator::medians(std::size_t outputs) {
  running_median({sequence_.data(), outputs + 2 * reach}, {medians_.data(), outputs});
  return {medians_.data(), outputs};
}

std::size_t separator::prepare(std::size_t first, std::size_t last, std::size_t n) {
  const std::size_t outputs = round_up(last - first, median_block);
  grow(sequence_, outputs + 2 * reach);
  grow(medians_, outputs);
  places_.resize(outputs + 2 * reach);
  for (std::size_t i = 0; i < places_.size(); ++i)
    places_[i] = mirrored(static_cast<std::ptrdiff_t>(first + i) - std::ptrdiff_t{reach}, n);
  return outputs;
}

void separator::medians_in_time(const matrix& magnitude, range bins, range frames) {
  const std::size_t outputs = prepare(frames.first, frames.last, magnitude.columns());
  for (std::size_t k0 = bins.first; k0 < bins.last; k0 += lane_count) {
    const std::size_t count = std::min(lane_count, bins.last - k0);
    for (std::size_t l = 0; l < lane_count; ++l) {
      const float* row = magnitude.row(k0 + std::min(l, count - 1));
      for (std::size_t i = 0; i < places_.size(); ++i)
        sequence_[i][l] = row[places_[i]];
    }
    const std::span<const lanes> result = medians(outputs);
    for (std::size_t l = 0; l < count; ++l)
      for (std::size_t t = frames.first; t < frames.last; ++t)
        harmonic_.row(k0 + l)[t] = result[t - frames.first][l];
  }
}

void separator::masks(const matrix& magnitude, range bins, range frames) {
  const std::size_t outputs = prepare(bins.first, bins.last, magnitude.rows());
  for (std::size_t t = frames.first / lane_count * lane_count; t < frames.last; t += lane_count) {
    for (std::size_t i = 0; i < places_.size(); ++i)
      sequence_[i] = load(magnitude.row(places_[i]) + t);
    const std::span<const lanes> percussive = medians(outputs);
    for (std::size_t k = bins.first; k < bins.last; ++k) {
      float* row = harmonic_.row(k) + t;
      store(row, harmonic_mask(load(row), percussive[k - bins.first]));
    }
  }
}

std::span<const float> separator::harmonic_frame(const spectrum& d, std::size_t t, stft& transform) {
  grow(bins_, d.bins());
  const std::complex<float>* x = d.frame(t);
  for (std::size_t k = 0; k < d.bins(); ++k)
    bins_[k] = harmonic_.row(k)[t] * x[k];
  return transform.frame_samples(bins_.data());
}

separated separator::separate(std::span<const float> y, const spectrum& d, const matrix& magnitude, stft& transform) {
  harmonic_.reshape(magnitude.rows(), magnitude.columns());
  medians_in_time(magnitude, {0, d.bins()}, {0, d.frames()});
  masks(magnitude, {0, d.bins()}, {0, d.frames()});
  grow(harmonic_samples_, y.size());
  grow(percussive_samples_, y.size());
  std::fill_n(harmonic_samples_.begin(), y.size(), 0.0f);
  const std::size_t half = transform.n_fft() / 2;
  for (std::size_t t = 0; t < d.frames(); ++t) {
    const std::span<const float> frame = harmonic_frame(d, t, transform);
    const std::size_t centre = t * transform.hop_length();
    for (std::size_t j = centre < half ? half - centre : 0; j < std::min(frame.size(), y.size() + half - centre); ++j)
      harmonic_samples_[centre + j - half] += frame[j];
  }
  const std::span<const float> weights = transform.window_sum(y.size());
  for (std::size_t n = 0; n < y.size(); ++n) {
    const bool covered = weights[n] > tiny;
    harmonic_samples_[n] = covered ? harmonic_samples_[n] / weights[n] : 0;
    percussive_samples_[n] = covered ? y[n] - harmonic_samples_[n] : 0;
  }
  return {{harmonic_samples_.data(), y.size()}, {percussive_samples_.data(), y.size()}};
}

double separator::frame_sum(std::size_t t, std::span<const float> frame, std::span<const float> weights,
                            stft& transform) {
  const std::size_t half = transform.n_fft() / 2;
  const std::size_t centre = t * transform.hop_length();
  double sum = 0;
  for (std::size_t j = centre < half ? half - centre : 0; j < std::min(frame.size(), weights.size() + half - centre);
       ++j) {
    const float weight = weights[centre + j - half];
    sum += weight > tiny ? double{frame[j]} / double{weight} : 0;
  }
  return sum;
}

separated_means separator::means(std::span<const float> y, const spectrum& d, const matrix& magnitude,
                                 stft& transform) {
  const std::size_t frames = d.frames();
  const std::size_t edge = edge_frames(frames, transform.n_fft(), transform.hop_length());
  const std::span<const float> weights = transform.window_sum(y.size());
  harmonic_.reshape(magnitude.rows(), magnitude.columns());
  double sum = 0;
  const auto in_full = [&](range part) {
    medians_in_time(magnitude, {0, d.bins()}, part);
    masks(magnitude, {0, d.bins()}, part);
    for (std::size_t t = part.first; t < part.last; ++t)
      sum += frame_sum(t, harmonic_frame(d, t, transform), weights, transform);
  };
  if (2 * edge >= frames) {
    in_full({0, frames});
  } else {
    in_full({0, edge});
    in_full({frames - edge, frames});
    // sum_j w[j] x[j] of a frame x with bins X is (X[0] - X[1]) / 2, the window being (2 - e^ia - e^-ia) / 4.
    medians_in_time(magnitude, {0, 2}, {edge, frames - edge});
    masks(magnitude, {0, 2}, {edge, frames - edge});
    double inner = 0;
    for (std::size_t t = edge; t < frames - edge; ++t)
      inner += 0.5 * (double{harmonic_.row(0)[t] * d.frame(t)[0].real()} -
                      double{harmonic_.row(1)[t] * d.frame(t)[1].real()});
    const double covering =
        0.375 * static_cast<double>(transform.n_fft()) / static_cast<double>(transform.hop_length());
    sum += inner / covering;
  }
  const auto samples = static_cast<double>(y.size());
  return {sum / samples, (sum_where_covered(y, weights) - sum) / samples};
}

} // namespace fugato
