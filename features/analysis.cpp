// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/analysis.hpp"

#include "config/error.hpp"
#include "features/spectral.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace fugato {

namespace {

/// Louder samples could overflow single precision on the way (|f|^4 |STFT|).
constexpr float loudest = 1e10f;

void check_samples(std::span<const float> samples) {
  if (samples.empty())
    throw error(errc::no_samples, "a chunk must have at least 1 sample; it has none");
  std::size_t wrong = 0;
  for (const float x : samples)
    wrong += !(std::abs(x) <= loudest);
  if (wrong > 0)
    throw error(errc::non_finite, "samples must be finite and of magnitude at most 1e10; " + std::to_string(wrong) +
                                      " of " + std::to_string(samples.size()) + " are not");
}

} // namespace

analysis::analysis(const feature_settings& settings, std::uint32_t rate)
    : bin_hz_(static_cast<double>(rate) / settings.n_fft),
      stft_(settings.n_fft, settings.hop_length, padding_named(settings.padding)),
      mel_filters_(rate, settings.n_fft),
      dct_basis_(dct_basis(settings.n_mfcc)),
      chroma_filters_(rate, settings.n_fft),
      tempo_estimator_(rate, settings.hop_length) {}

void analysis::reset(std::span<const float> samples) {
  check_samples(samples);
  samples_ = samples;
  ++chunk_;
  rooms_used_ = 0;
}

const analysis::transformed& analysis::transform() {
  return of_this_chunk(transformed_, [this](transformed& x) { stft_.forward(samples_, x.bins, x.power); });
}

const matrix& analysis::power() { return transform().power; }

const matrix& analysis::magnitude() {
  return of_this_chunk(magnitude_, [this](matrix& m) { fugato::magnitude(power(), m); });
}

const matrix& analysis::mel() {
  return of_this_chunk(mel_, [this](matrix& m) { mel_filters_.apply(power(), m); });
}

const matrix& analysis::mel_db() {
  return of_this_chunk(mel_db_, [this](matrix& m) { power_to_db(mel(), m); });
}

const matrix& analysis::mfcc() {
  return of_this_chunk(mfcc_, [this](matrix& m) { fugato::mfcc(mel_db(), dct_basis_, m); });
}

std::size_t analysis::tuning_step() {
  return of_this_chunk(tuning_step_, [this](std::size_t& step) { step = tuning_estimator_(power(), bin_hz_); });
}

const matrix& analysis::chroma_energy() {
  return of_this_chunk(chroma_energy_,
                       [this](matrix& m) { fugato::chroma_energy(power(), chroma_filters_.bank(tuning_step()), m); });
}

const matrix& analysis::chroma() {
  return of_this_chunk(chroma_, [this](matrix& m) { normalise_frames(chroma_energy(), m); });
}

std::span<const float> analysis::centroid() {
  return of_this_chunk(centroid_, [this](std::span<const float>& out) {
    const std::span<float> values = room(frames());
    spectral_centroid(magnitude(), bin_hz_, values);
    out = values;
  });
}

const separated& analysis::separated() {
  return of_this_chunk(separated_, [this](fugato::separated& x) {
    x = separator_.separate(samples_, transform().bins, magnitude(), stft_);
  });
}

const separated_means& analysis::separated_means() {
  return of_this_chunk(separated_means_, [this](fugato::separated_means& x) {
    x = separator_.means(samples_, transform().bins, magnitude(), stft_);
  });
}

tempo_estimator& analysis::tempo() {
  of_this_chunk(tempo_ready_, [this](bool& ready) {
    const std::span<float> envelope = room(frames());
    onset_strength_median(mel_db(), onset_lead(), envelope);
    tempo_estimator_.analyse(envelope);
    ready = true;
  });
  return tempo_estimator_;
}

std::span<float> analysis::room(std::size_t n) {
  if (rooms_used_ == rooms_.size())
    rooms_.emplace_back();
  aligned_vector<float>& values = rooms_[rooms_used_++];
  grow(values, n);
  return {values.data(), n};
}

} // namespace fugato
