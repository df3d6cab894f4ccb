// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/curves.hpp"

#include "features/analysis.hpp"
#include "features/beats.hpp"
#include "features/extractor.hpp"
#include "features/temporal.hpp"

#include <algorithm>
#include <cmath>

namespace fugato {
namespace {

/// Below this a sample has no sign, as in zero_crossings.
constexpr float faint = 1e-10f;

grid copy_of(const tiled& x) {
  grid result{x.rows(), x.columns(), std::vector<float>(x.rows() * x.columns())};
  for (std::size_t i = 0; i < x.tiles(); ++i)
    for (std::size_t r = 0; r < x.rows(); ++r)
      std::copy_n(x[i] + r * tile, x.frames_of(i), &result.at(r, i * tile));
  return result;
}

grid copy_of(const matrix& x) {
  grid result{x.rows(), x.columns(), {}};
  for (std::size_t r = 0; r < x.rows(); ++r)
    result.values.insert(result.values.end(), x[r].begin(), x[r].end());
  return result;
}

std::vector<float> copy_of(std::span<const float> x) { return {x.begin(), x.end()}; }

grid power_of(std::span<const float> samples, std::uint32_t rate, const feature_settings& settings) {
  analysis shared{settings, rate};
  shared.reset(samples);
  return copy_of(shared.power());
}

void measure_rhythm(analysis& shared, curves& x) {
  x.onset.resize(shared.frames());
  onset_strength(shared.mel_db(), shared.onset_lead(), x.onset, shared.vectors());
  std::vector<float> envelope(shared.frames());
  onset_strength_median(shared.mel_db(), shared.onset_lead(), envelope, shared.vectors());
  tempo_estimator rhythm{x.rate, x.hop_length, shared.vectors()};
  rhythm.analyse(envelope);
  x.tempo = rhythm.tempo();
  x.beats = beat_frames(envelope, x.tempo, static_cast<double>(x.rate) / static_cast<double>(x.hop_length));
}

/// The value of a row of bins at a place between them.
float between_bins(const grid& x, double bin, std::size_t column) {
  const double last = static_cast<double>(x.rows) - 1;
  const double place = std::clamp(bin, 0.0, last);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, x.rows - 1);
  const double part = place - static_cast<double>(below);
  return static_cast<float>((1 - part) * double{x.at(below, column)} + part * double{x.at(above, column)});
}

} // namespace

curves measure_curves(std::span<const float> samples, std::uint32_t rate, const feature_settings& settings) {
  check(settings, rate);
  analysis shared{settings, rate};
  shared.reset(samples);
  curves x;
  x.rate = rate;
  x.n_fft = shared.n_fft();
  x.hop_length = shared.hop_length();
  x.samples = copy_of(samples);
  x.power = copy_of(shared.power());
  x.mel = copy_of(shared.mel());
  x.chroma = copy_of(shared.chroma());
  x.tuning = tuning_of(shared.tuning_step());
  x.centroid = copy_of(shared.centroid());
  x.rolloff = copy_of(shared.rolloff()[0]);
  x.rms.resize(shared.frames());
  rms(samples, x.n_fft, x.hop_length, x.rms);
  x.crossings.resize(shared.frames());
  zero_crossing_rate(shared.vectors(), samples, x.n_fft, x.hop_length, x.crossings);
  x.sign_changes = zero_crossings(shared.vectors(), samples);
  measure_rhythm(shared, x);
  x.harmonic = copy_of(shared.separated().harmonic);
  x.percussive = copy_of(shared.separated().percussive);
  x.harmonic_power = power_of(x.harmonic, rate, settings);
  x.percussive_power = power_of(x.percussive, rate, settings);
  return x;
}

grid fewer_columns(const grid& x, std::size_t columns) {
  if (x.columns <= columns)
    return x;
  grid result{x.rows, columns, std::vector<float>(x.rows * columns)};
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t first = c * x.columns / columns;
      const std::size_t last = (c + 1) * x.columns / columns;
      double sum = 0;
      for (std::size_t t = first; t < last; ++t)
        sum += double{x.at(r, t)};
      result.at(r, c) = static_cast<float>(sum / static_cast<double>(last - first));
    }
  return result;
}

grid on_log_axis(const grid& spectrum, double bin_hz, double low, double high, std::size_t rows) {
  grid result{rows, spectrum.columns, std::vector<float>(rows * spectrum.columns)};
  const double step = std::log(high / low) / static_cast<double>(rows);
  const auto edge = [&](double row) { return low * std::exp(step * row) / bin_hz; };
  for (std::size_t r = 0; r < rows; ++r) {
    const auto row = static_cast<double>(r);
    const auto first = static_cast<std::size_t>(std::ceil(edge(row)));
    const auto last = std::min(spectrum.rows, static_cast<std::size_t>(std::ceil(edge(row + 1))));
    for (std::size_t t = 0; t < spectrum.columns; ++t) {
      double sum = 0;
      for (std::size_t k = first; k < last; ++k)
        sum += double{spectrum.at(k, t)};
      result.at(r, t) = last > first + 1 ? static_cast<float>(sum / static_cast<double>(last - first))
                                         : between_bins(spectrum, edge(row + 0.5), t);
    }
  }
  return result;
}

grid decibels(const grid& power, float reference) {
  grid result = power;
  for (std::size_t r = 0; r < power.rows; ++r) {
    const std::span<float> row{result.values.data() + r * power.columns, power.columns};
    decibels_below(reference, 10, 1e-10f, std::span(power.values).subspan(r * power.columns, power.columns), row);
  }
  return result;
}

float largest(const grid& x) { return x.values.empty() ? 0 : *std::ranges::max_element(x.values); }

std::vector<std::size_t> sign_change_places(std::span<const float> samples) {
  const auto negative = [](float x) { return x < -faint; };
  std::vector<std::size_t> result;
  for (std::size_t i = 1; i < samples.size(); ++i)
    if (negative(samples[i]) != negative(samples[i - 1]))
      result.push_back(i);
  return result;
}

} // namespace fugato
