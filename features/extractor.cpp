// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/extractor.hpp"

#include "config/error.hpp"
#include "features/analysis.hpp"
#include "features/kernels.hpp"
#include "features/layout.hpp"
#include "features/spectral.hpp"
#include "features/stft.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace fugato {

namespace {

void require(bool holds, const std::string& message) {
  if (!holds)
    throw error(errc::settings, message);
}

void check_list(const std::string& pointer, const std::vector<std::string>& names) {
  require(!names.empty(), pointer + " must name at least one; it is empty");
  std::set<std::string_view> seen;
  for (const std::string& name : names)
    require(seen.insert(name).second, pointer + " must name each once; it has '" + name + "' twice");
}

void check_range(const std::string& pointer, std::uint32_t value, std::uint32_t low, std::uint32_t high) {
  require(low <= value && value <= high, pointer + " must lie in [" + std::to_string(low) + ", " +
                                             std::to_string(high) + "]; it is " + std::to_string(value));
}

/// What the features themselves need of the rate and the transform.
void check_features(const feature_settings& x, std::uint32_t rate) {
  const auto asked = [&x](std::string_view name) { return std::ranges::find(x.names, name) != x.names.end(); };
  const std::string at_rate = " at " + std::to_string(rate) + " Hz";
  require(!asked("spectral_contrast") || contrast_fits(rate, x.n_fft),
          "/features/names: 'spectral_contrast' needs a rate above 12800 Hz and bins at most 200 Hz apart; n_fft is " +
              std::to_string(x.n_fft) + at_rate);
  require(!asked("tempo_bpm") || x.hop_length <= 4 * std::uint64_t{rate},
          "/features/hop_length must be at most 4 s for 'tempo_bpm'; it is " + std::to_string(x.hop_length) + at_rate);
}

const feature_settings& checked(const feature_settings& x, std::uint32_t rate) {
  check(x, rate);
  return x;
}

bool wants_means_only(const placement& p) {
  return p.what->means && p.statistics.size() == 1 && p.statistics.front()->name == "mean";
}

} // namespace

void check(const feature_settings& x, std::uint32_t rate) {
  require(rate > 0, "the rate of the samples must be positive; it is 0 Hz");
  check_list("/features/names", x.names);
  check_list("/features/statistics", x.statistics);
  check_range("/features/n_mfcc", x.n_mfcc, 1, mel_bands);
  check_range("/features/n_fft", x.n_fft, 64, 65536);
  require(x.n_fft % 2 == 0, "/features/n_fft must be even; it is " + std::to_string(x.n_fft));
  check_range("/features/hop_length", x.hop_length, 1, 65536);
  require(x.hop_length <= x.n_fft, "/features/hop_length must be at most n_fft (" + std::to_string(x.n_fft) +
                                       "), or samples would go unseen; it is " + std::to_string(x.hop_length));
  padding_named(x.padding);
  instruction_set_named(x.isa);
  layout_of(x);
  check_features(x, rate);
}

struct extractor::plan {
  struct step {
    placement where;
    bool means_only;
  };

  plan(const feature_settings& settings, std::uint32_t rate) : shared(checked(settings, rate), rate) {
    const std::vector<placement> layout = layout_of(settings);
    width = width_of(layout);
    for (const placement& p : layout) {
      steps.push_back({p, wants_means_only(p)});
      means.resize(std::max(means.size(), p.bands));
    }
  }

  void run(const step& s, std::span<float> row) {
    const auto& [what, bands, statistics, first, band_stride] = s.where;
    if (s.means_only) {
      what->means(shared, std::span(means).first(bands));
      for (std::size_t b = 0; b < bands; ++b)
        row[first + b * band_stride] = means[b];
      return;
    }
    const series x = what->compute(shared);
    for (std::size_t b = 0; b < bands; ++b)
      for (std::size_t i = 0; i < statistics.size(); ++i)
        row[first + b * band_stride + i] = statistics[i]->reduce(x.band(b));
  }

  analysis shared;
  std::vector<step> steps;
  std::size_t width = 0;
  std::vector<float> means; ///< of a feature's bands
};

extractor::extractor(const feature_settings& settings, std::uint32_t rate)
    : plan_(std::make_unique<plan>(settings, rate)) {}

extractor::~extractor() = default;
extractor::extractor(extractor&&) noexcept = default;
extractor& extractor::operator=(extractor&&) noexcept = default;

std::size_t extractor::width() const { return plan_->width; }

void extractor::extract(std::span<const float> chunk, std::span<float> row) {
  if (row.size() != plan_->width)
    throw error(errc::internal,
                "a row must have " + std::to_string(plan_->width) + " values; it has " + std::to_string(row.size()));
  plan_->shared.reset(chunk);
  for (const plan::step& s : plan_->steps)
    plan_->run(s, row);
}

std::size_t extractor::frames(std::size_t samples) const { return 1 + samples / plan_->shared.hop_length(); }

} // namespace fugato
