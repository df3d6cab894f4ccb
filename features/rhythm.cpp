// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/rhythm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace fugato {

namespace {

/// out[t] = strength of the step from frame t - lead to t - lead + 1; 0 where there is none.
template <class Strength>
void shifted(const matrix& mel_db, std::size_t lead, std::span<float> out, Strength strength) {
  std::fill_n(out.begin(), std::min(lead, out.size()), 0.0f);
  std::array<float, tile> values;
  for (std::size_t t = lead; t < out.size(); t += tile) {
    strength(mel_db.row(0) + t - lead, mel_db.rows(), mel_db.stride(), values.data());
    std::copy_n(values.begin(), std::min(tile, out.size() - t), out.begin() + static_cast<std::ptrdiff_t>(t));
  }
}

constexpr double likeliest_tempo = 120;
constexpr double tempo_limit = 320;
constexpr double window_seconds = 8;

} // namespace

void onset_strength(const matrix& mel_db, std::size_t lead, std::span<float> out, const kernels& k) {
  shifted(mel_db, lead, out, k.mean_rise);
}

void onset_strength_median(const matrix& mel_db, std::size_t lead, std::span<float> out, const kernels& k) {
  shifted(mel_db, lead, out, k.median_rise);
}

tempo_estimator::tempo_estimator(std::uint32_t rate, std::size_t hop_length)
    : rate_(rate),
      hop_(hop_length),
      window_(static_cast<std::size_t>(window_seconds * rate / static_cast<double>(hop_length))) {
  for (std::size_t i = 0; i < 2 * window_; ++i) {
    const double angle = std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_);
    cosines_.push_back(std::cos(angle));
    sines_.push_back(std::sin(angle));
  }
  for (std::size_t j = 0; j < window_; ++j) {
    const double w = 0.5 - 0.5 * cosine(2 * j);
    hann_squared_.push_back(w * w);
  }
  for (std::size_t lag = 1; lag < window_; ++lag)
    if (tempo_of(lag) < tempo_limit)
      by_prior_.push_back(lag);
  std::sort(by_prior_.begin(), by_prior_.end(), [this](std::size_t a, std::size_t b) { return prior(a) > prior(b); });
}

double tempo_estimator::tempo_of(std::size_t lag) const { return 60.0 * rate_ / static_cast<double>(hop_ * lag); }

double tempo_estimator::prior(std::size_t lag) const {
  const double octaves = std::log2(tempo_of(lag) / likeliest_tempo);
  return -0.5 * octaves * octaves;
}

void tempo_estimator::analyse(std::span<const float> envelope) {
  const std::size_t half = window_ / 2;
  const std::size_t n = envelope.size();
  silent_ = std::all_of(envelope.begin(), envelope.end(), [](float x) { return x == 0; });
  padded_.resize(n + 2 * half);
  for (std::size_t i = 0; i < half; ++i) {
    const double ramp = static_cast<double>(i) / static_cast<double>(half);
    padded_[i] = ramp * double{envelope.front()};
    padded_[n + 2 * half - 1 - i] = ramp * double{envelope.back()};
  }
  std::copy(envelope.begin(), envelope.end(), padded_.begin() + static_cast<std::ptrdiff_t>(half));
  running_.resize(padded_.size() + 1);
  weight_.resize(n);
  for (std::size_t t = 0; t < n; ++t) {
    double largest = 0; // an autocorrelation is largest at lag 0
    for (std::size_t j = 0; j < std::min(window_, padded_.size() - t); ++j)
      largest += hann_squared_[j] * padded_[t + j] * padded_[t + j];
    weight_[t] = 1 / (largest < std::numeric_limits<double>::min() ? 1 : largest);
  }
}

double tempo_estimator::tempogram_mean(std::size_t lag) {
  // With m = j + lag / 2 and a = 2 pi / window, the windows' product is
  //   w[j] w[j + lag] = (1 + cos(a lag) / 2 - 2 cos(a lag / 2) cos(a m) + cos(2 a m) / 2) / 4,
  // so that a frame's sum comes from five running sums over the whole envelope. Angles count in half steps, a / 2.
  sums s{};
  const std::size_t products = padded_.size() - std::min(lag, padded_.size());
  for (std::size_t n = 0; n < products; ++n) {
    running_[n] = s;
    const double r = padded_[n] * padded_[n + lag];
    const std::size_t m = 2 * n + lag;
    s.plain += r;
    s.cos1 += r * cosine(m);
    s.sin1 += r * sine(m);
    s.cos2 += r * cosine(2 * m);
    s.sin2 += r * sine(2 * m);
  }
  running_[products] = s;
  const double c0 = 1 + cosine(2 * lag) / 2;
  const double c1 = 2 * cosine(lag);
  double total = 0;
  for (std::size_t t = 0; t < weight_.size(); ++t) {
    const sums& a = running_[std::min(t, products)];
    const sums& b = running_[std::min(t + window_ - lag, products)];
    const double once = (b.cos1 - a.cos1) * cosine(2 * t) + (b.sin1 - a.sin1) * sine(2 * t);
    const double twice = (b.cos2 - a.cos2) * cosine(4 * t) + (b.sin2 - a.sin2) * sine(4 * t);
    total += weight_[t] * (c0 * (b.plain - a.plain) - c1 * once + twice / 2) / 4;
  }
  return total / static_cast<double>(weight_.size());
}

double tempo_estimator::tempo() {
  if (silent_)
    return 0;
  const double most = std::log1p(1e6) + 1e-6; // of a mean of 1, with room for rounding
  double best = -std::numeric_limits<double>::infinity();
  std::size_t best_lag = 0;
  for (const std::size_t lag : by_prior_) {
    if (most + prior(lag) < best)
      break; // nor can any of the less likely ones win
    const double score = std::log1p(1e6 * std::max(0.0, tempogram_mean(lag))) + prior(lag);
    if (score > best || (score == best && lag < best_lag)) {
      best = score;
      best_lag = lag;
    }
  }
  return best_lag == 0 ? 0 : tempo_of(best_lag);
}

} // namespace fugato
