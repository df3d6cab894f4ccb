// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/analysis.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace fugato {

namespace {

/// Louder samples could overflow single precision on the way (|f|^4 |STFT|).
constexpr float loudest = 1e10f;

void check_samples(const kernels& k, std::span<const float> samples) {
  if (samples.empty())
    throw error(errc::no_samples, "a chunk must have at least 1 sample; it has none");
  if (const std::size_t wrong = k.beyond(samples.data(), samples.size(), loudest))
    throw error(errc::non_finite, "samples must be finite and of magnitude at most 1e10; " + std::to_string(wrong) +
                                      " of " + std::to_string(samples.size()) + " are not");
}

} // namespace

analysis::analysis(const feature_settings& settings, std::uint32_t rate)
    : analysis(settings, rate, instruction_set_named(settings.isa)) {}

analysis::analysis(const feature_settings& settings, std::uint32_t rate, const instruction_set& isa)
    : kernels_(isa.table),
      bin_hz_(static_cast<double>(rate) / settings.n_fft),
      stft_(settings.n_fft, settings.hop_length, padding_named(settings.padding), isa),
      mel_filters_(fugato::mel_filters(rate, settings.n_fft)),
      dct_basis_(dct_basis(settings.n_mfcc)),
      chroma_filters_(rate, settings.n_fft),
      contrast_(rate, settings.n_fft),
      tempo_estimator_(rate, settings.hop_length, *kernels_),
      separator_(isa) {}

void analysis::reset(std::span<const float> samples) {
  check_samples(*kernels_, samples);
  samples_ = samples;
  ++chunk_;
  rooms_used_ = 0;
}

void analysis::transform() {
  if (transformed_ == chunk_)
    return;
  stft_.begin(samples_);
  power_.reshape(stft_.bins(), frames());
  low_.reshape(2, frames());
  for (std::size_t s = 0; s < stage_count; ++s)
    if (stages_[s].foreseen)
      prepare(stage{s});
  for (std::size_t i = 0; i < power_.tiles(); ++i) {
    stft_.power(i, power_[i], low_[i]);
    for (std::size_t s = 0; s < stage_count; ++s)
      if (stages_[s].foreseen)
        make(stage{s}, i);
  }
  transformed_ = chunk_;
}

analysis::stage analysis::made_of(stage s) {
  switch (s) {
  case pitch_stage:
    return peak_stage;
  case moment_stage:
  case contrast_stage:
    return magnitude_stage;
  case bandwidth_stage:
  case rolloff_stage:
    return moment_stage;
  case decibel_stage:
    return mel_stage;
  case peak_stage:
  case magnitude_stage:
  case flatness_stage:
  case mel_stage:
  case stage_count:
    break;
  }
  return stage_count;
}

void analysis::need(stage s) {
  if (const stage first = made_of(s); first != stage_count)
    need(first);
  transform();
  stage_state& state = stages_[s];
  if (state.chunk == chunk_)
    return;
  prepare(s);
  for (std::size_t i = 0; i < power_.tiles(); ++i)
    make(s, i);
  state.foreseen = true;
}

void analysis::prepare(stage s) {
  stages_[s].chunk = chunk_;
  switch (s) {
  case peak_stage:
    return frame_peaks_.reshape(1, frames());
  case pitch_stage:
    return tuning_estimator_.begin(stft_.bins(), frames());
  case magnitude_stage:
    return magnitude_.reshape(stft_.bins(), frames());
  case moment_stage:
    moments_.resize(std::max(moments_.size(), power_.tiles()));
    return centroid_.reshape(1, frames());
  case bandwidth_stage:
    return bandwidths_.reshape(3, frames());
  case rolloff_stage:
    return rolloff_.reshape(1, frames());
  case flatness_stage:
    return flatness_.reshape(1, frames());
  case contrast_stage:
    valleys_.reshape(contrast_bands, frames());
    return peaks_.reshape(contrast_bands, frames());
  case mel_stage:
    return mel_.reshape(mel_bands, frames());
  case decibel_stage:
    return decibels_.reshape(mel_bands, frames());
  case stage_count:
    break;
  }
}

void analysis::make(stage s, std::size_t i) {
  const kernels& k = *kernels_;
  const std::size_t bins = stft_.bins();
  const std::size_t t = i * tile;
  switch (s) {
  case peak_stage:
    return k.peaks(power_[i], bins, frame_peaks_.row(0) + t);
  case pitch_stage:
    return tuning_estimator_.add(k, power_[i], bins, frame_peaks_.row(0) + t, bin_hz_);
  case magnitude_stage:
    return k.roots(power_[i], bins * tile, magnitude_[i]);
  case moment_stage:
    spectral_moments(k, magnitude_[i], bins, moments_[i]);
    return spectral_centroid(moments_[i], bin_hz_, centroid_.row(0) + t);
  case bandwidth_stage:
    return spectral_bandwidths(k, magnitude_[i], bins, moments_[i], bin_hz_, bandwidths_.row(0) + t,
                               bandwidths_.stride());
  case rolloff_stage:
    return spectral_rolloff(k, magnitude_[i], bins, moments_[i], bin_hz_, rolloff_.row(0) + t);
  case flatness_stage:
    return spectral_flatness(k, power_[i], bins, flatness_.row(0) + t);
  case contrast_stage:
    return contrast_.levels(k, magnitude_[i], valleys_.row(0) + t, peaks_.row(0) + t, peaks_.stride());
  case mel_stage:
    return k.mel(mel_filters_, power_[i], mel_.row(0) + t, mel_.stride());
  case decibel_stage:
    return k.decibels(mel_.row(0) + t, mel_bands, mel_.stride(), decibels_.row(0) + t);
  case stage_count:
    break;
  }
}

const tiled& analysis::power() {
  transform();
  return power_;
}

const tiled& analysis::magnitude() {
  need(magnitude_stage);
  return magnitude_;
}

float analysis::peak_power() {
  return of_this_chunk(peak_power_, [this](float& top) {
    need(peak_stage);
    top = *std::ranges::max_element(frame_peaks_[0]);
  });
}

std::span<const float> analysis::centroid() {
  need(moment_stage);
  return centroid_[0];
}

const matrix& analysis::bandwidths() {
  need(bandwidth_stage);
  return bandwidths_;
}

const matrix& analysis::rolloff() {
  need(rolloff_stage);
  return rolloff_;
}

const matrix& analysis::flatness() {
  need(flatness_stage);
  return flatness_;
}

matrix& analysis::valleys() {
  need(contrast_stage);
  return valleys_;
}

matrix& analysis::peaks() {
  need(contrast_stage);
  return peaks_;
}

const matrix& analysis::mel() {
  need(mel_stage);
  return mel_;
}

const matrix& analysis::mel_db() {
  of_this_chunk(decibels_limited_, [this](done&) {
    need(decibel_stage);
    limit_range(*kernels_, decibels_);
  });
  return decibels_;
}

std::span<const double> analysis::mean_mel_db(unsigned order) {
  return of_this_chunk(mean_mel_db_[order], [this, order](std::array<double, mel_bands>& means) {
    const matrix& m = mel_db();
    for (std::size_t b = 0; b < mel_bands; ++b)
      means[b] =
          order > 0 ? mean_delta(m[b], order) : kernels_->sum(m.row(b), frames()) / static_cast<double>(frames());
  });
}

const matrix& analysis::mfcc() {
  return of_this_chunk(mfcc_, [this](matrix& m) { fugato::mfcc(*kernels_, mel_db(), dct_basis_, m); });
}

std::size_t analysis::tuning_step() {
  return of_this_chunk(tuning_step_, [this](std::size_t& step) {
    need(pitch_stage);
    step = tuning_estimator_.step();
  });
}

const matrix& analysis::chroma_energy() {
  return of_this_chunk(chroma_energy_, [this](matrix& m) {
    const std::span<const float> bank = chroma_filters_.bank(tuning_step());
    m.reshape(chroma_bands, frames());
    for (std::size_t i = 0; i < power_.tiles(); ++i)
      kernels_->chroma(power_[i], power_.rows(), bank.data(), m.row(0) + i * tile, m.stride());
  });
}

const matrix& analysis::chroma() {
  return of_this_chunk(chroma_, [this](matrix& m) { normalise_frames(chroma_energy(), m); });
}

const separated& analysis::separated() {
  return of_this_chunk(separated_, [this](fugato::separated& x) { x = separator_.separate(samples_, power(), stft_); });
}

const separated_means& analysis::separated_means() {
  return of_this_chunk(separated_means_,
                       [this](fugato::separated_means& x) { x = separator_.means(samples_, power(), low_, stft_); });
}

tempo_estimator& analysis::tempo() {
  of_this_chunk(tempo_analysed_, [this](done&) {
    const std::span<float> envelope = room(frames());
    onset_strength_median(mel_db(), onset_lead(), envelope, *kernels_);
    tempo_estimator_.analyse(envelope);
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
