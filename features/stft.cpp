// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/stft.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

namespace fugato {

namespace {

/// |D|^2 of the tile of frames from `first`, turned from frame after frame to bin after bin.
void tile_power(const spectrum& d, std::size_t first, matrix& power) {
  const std::size_t count = std::min(tile, d.frames() - first);
  std::array<const std::complex<float>*, tile> frames;
  for (std::size_t l = 0; l < count; ++l)
    frames[l] = d.frame(first + l);
  for (std::size_t k = 0; k < d.bins(); ++k) {
    float* out = power.row(k) + first;
    for (std::size_t l = 0; l < count; ++l) {
      const float re = frames[l][k].real();
      const float im = frames[l][k].imag();
      out[l] = re * re + im * im;
    }
    std::fill(out + count, out + tile, 0.0f);
  }
}

} // namespace

padding padding_named(std::string_view name) {
  if (name == "zero")
    return padding::zero;
  if (name == "reflect")
    return padding::reflect;
  throw error(errc::settings, "/features/padding must be \"zero\" or \"reflect\"; it is \"" + std::string(name) + "\"");
}

std::vector<float> hann(std::size_t n) {
  std::vector<float> w(n);
  for (std::size_t j = 0; j < n; ++j)
    w[j] = static_cast<float>(0.5 -
                              0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n)));
  return w;
}

void pad(std::span<const float> y, std::size_t by, padding how, aligned_vector<float>& out) {
  const std::size_t n = y.size();
  grow(out, n + 2 * by);
  std::copy(y.begin(), y.end(), out.begin() + static_cast<std::ptrdiff_t>(by));
  if (how == padding::zero) {
    std::fill_n(out.begin(), by, 0.0f);
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(by + n), by, 0.0f);
    return;
  }
  // Going on from either end, a mirrored signal repeats after 2 (n - 1) samples; a single sample is held.
  const std::size_t period = std::max<std::size_t>(1, 2 * (n - 1));
  for (std::size_t i = 1; i <= by; ++i) {
    const std::size_t from_start = i % period;
    const std::size_t near = std::min(from_start, period - from_start);
    const std::size_t mirrored = n == 1 ? 0 : near;
    out[by - i] = y[mirrored];
    out[by + n - 1 + i] = y[n - 1 - mirrored];
  }
}

stft::stft(std::size_t n_fft, std::size_t hop_length, padding how)
    : fft_(n_fft), hop_(hop_length), padding_(how), window_(hann(n_fft)), frame_(n_fft) {}

void stft::forward(std::span<const float> y, spectrum& d, matrix& power) {
  pad(y, n_fft() / 2, padding_, padded_);
  d.reshape(bins(), frames(y.size()));
  power.reshape(bins(), frames(y.size()));
  for (std::size_t first = 0; first < d.frames(); first += tile) {
    for (std::size_t t = first; t < std::min(first + tile, d.frames()); ++t) {
      const float* x = padded_.data() + t * hop_;
      for (std::size_t j = 0; j < n_fft(); ++j)
        frame_[j] = window_[j] * x[j];
      fft_.forward(frame_.data(), d.frame(t));
    }
    tile_power(d, first, power);
  }
}

std::span<const float> stft::frame_samples(std::complex<float>* bins) {
  fft_.inverse(bins, frame_.data());
  const float scale = 1 / static_cast<float>(n_fft());
  for (std::size_t j = 0; j < n_fft(); ++j)
    frame_[j] *= window_[j] * scale;
  return {frame_.data(), n_fft()};
}

std::span<const float> stft::window_sum(std::size_t samples) {
  if (samples != summed_) {
    grow(window_sum_, samples);
    std::fill_n(window_sum_.begin(), samples, 0.0f);
    const std::size_t half = n_fft() / 2;
    for (std::size_t t = 0; t < frames(samples); ++t) {
      const std::size_t centre = t * hop_;
      const std::size_t first = centre < half ? half - centre : 0;
      const std::size_t last = std::min(n_fft(), samples + half - centre);
      for (std::size_t j = first; j < last; ++j)
        window_sum_[centre + j - half] += window_[j] * window_[j];
    }
    summed_ = samples;
  }
  return {window_sum_.data(), samples};
}

} // namespace fugato
