// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/rhythm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
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

// The mean over frames of the windowed autocorrelation, at lag l of an envelope x, is a sum of products x[n] x[n + l].
// How much one of them counts depends on the frames t that it falls into, n - t in [0, W - l) with the window's length
// W:
//   sum_t v[t] w[n - t] w[n - t + l],  v[t] = 1 / the frame's largest value.
// With a = 2 pi / W and z = exp(i a (n - t)) the windows' product is
//   (1 + cos(a l) / 2 - 2 cos(a l / 2) Re(exp(i a l / 2) z) + Re(exp(i a l) z^2) / 2) / 4,
// so that sums of v[t] z^p, p = 0, 1, 2, over t up to n suffice for all lags, E_p[n]. The frames that end before
// are E_p[n - (W - l)], turned by exp(-i a p l): a whole window is a whole turn.

namespace {

constexpr std::size_t rows = 5; ///< E_0, E_1 and E_2, real and imaginary parts

std::complex<double> combined(const double* re_im) { return {re_im[0], re_im[1]}; }

} // namespace

tempo_estimator::tempo_estimator(std::uint32_t rate, std::size_t hop_length, const kernels& k)
    : kernels_(&k),
      rate_(rate),
      hop_(hop_length),
      window_(static_cast<std::size_t>(window_seconds * rate / static_cast<double>(hop_length))) {
  for (std::size_t i = 0; i < 2 * window_; ++i)
    turns_.push_back(std::polar(1.0, std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_)));
  for (std::size_t j = 0; j < window_; ++j) {
    const double w = 0.5 - 0.5 * turns_[2 * j].real();
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
  squares_.resize(padded_.size());
  for (std::size_t i = 0; i < padded_.size(); ++i)
    squares_[i] = padded_[i] * padded_[i];
  weigh_frames(n);
}

void tempo_estimator::weigh_frames(std::size_t frames) {
  frames_ = frames;
  const std::size_t size = padded_.size();
  weights_.resize(rows * size);
  double plain = 0;
  std::complex<double> once;
  std::complex<double> twice;
  for (std::size_t n = 0; n < size; ++n) {
    once *= turns_[2 % turns_.size()];
    twice *= turns_[4 % turns_.size()];
    if (n < frames) {
      const std::size_t held = std::min(window_, size - n);
      const double largest = kernels_->dot(hann_squared_.data(), squares_.data() + n, held); // of all lags: lag 0
      const double weight = 1 / (largest < std::numeric_limits<double>::min() ? 1 : largest);
      plain += weight;
      once += weight;
      twice += weight;
    }
    weights_[n] = plain;
    weights_[size + n] = once.real();
    weights_[2 * size + n] = once.imag();
    weights_[3 * size + n] = twice.real();
    weights_[4 * size + n] = twice.imag();
  }
}

double tempo_estimator::tempogram_mean(std::size_t lag) {
  const std::size_t size = padded_.size();
  const std::size_t products = size - std::min(lag, size);
  const double* x = padded_.data();
  std::array<double, rows> begun;
  kernels_->weighted_dots(x, x + lag, weights_.data(), size, products, begun.data());
  std::array<double, rows> ended{};
  const std::size_t reach = window_ - lag;
  if (products > reach)
    kernels_->weighted_dots(x + reach, x + reach + lag, weights_.data(), size, products - reach, ended.data());
  const auto turn = [this](std::size_t half_steps) { return turns_[half_steps % turns_.size()]; };
  const double plain = begun[0] - ended[0];
  const std::complex<double> once = combined(&begun[1]) - std::conj(turn(2 * lag)) * combined(&ended[1]);
  const std::complex<double> twice = combined(&begun[3]) - std::conj(turn(4 * lag)) * combined(&ended[3]);
  const double total = (1 + turn(2 * lag).real() / 2) * plain - 2 * turn(lag).real() * (turn(lag) * once).real() +
                       (turn(2 * lag) * twice).real() / 2;
  return total / 4 / static_cast<double>(frames_);
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
