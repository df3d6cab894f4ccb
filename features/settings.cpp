// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/settings.hpp"

#include "features/catalog.hpp"
#include "features/kernels.hpp"

namespace fugato {

namespace {

void apply(const feature_preset& preset, feature_settings& x) {
  x.preset = preset.name;
  x.names = preset.names;
  x.statistics = preset.statistics;
  x.n_mfcc = preset.n_mfcc;
}

std::vector<std::string_view> isa_names() {
  std::vector<std::string_view> names = instruction_sets().names();
  names.insert(names.begin(), "auto");
  return names;
}

} // namespace

feature_settings::feature_settings() { apply(feature_presets().at("report"), *this); }

void describe(visitor& v, feature_settings& x) {
  if (v("preset", x.preset, one_of{feature_presets().names()},
        "a selection of names, statistics and n_mfcc; those given besides replace its own"))
    apply(feature_presets().at(x.preset), x);
  v("names", x.names, one_of{features().names()}, "features to extract, in the order of their columns");
  v("statistics", x.statistics, one_of{statistics().names()}, "what becomes of a feature's values over a chunk");
  v("n_mfcc", x.n_mfcc, between{1, 128}, "mel-frequency cepstral coefficients");
  v("n_fft", x.n_fft, between{64, 65536}, "length of a frame, even [samples]");
  v("hop_length", x.hop_length, between{1, 65536}, "from a frame to the next, at most n_fft [samples]");
  v("padding", x.padding, one_of{{"zero", "reflect"}}, "what the STFT sees beyond the ends of a chunk");
  v("isa", x.isa, one_of{isa_names()},
    "instructions to compute by; auto: the best that the processor has. All but reference give the same bits");
}

} // namespace fugato
