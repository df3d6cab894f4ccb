// SPDX-License-Identifier: GPL-3.0-or-later
// Measures one track twice: the second time within measured_track, whose instructions tools/count-instructions counts.
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"

#include <cstdio>
#include <vector>

using namespace fugato;

namespace {

void measure(extractor& features, const clip& audio, std::vector<float>& row) {
  for (const chunk& part : cut(audio.samples.size(), audio.rate, {}))
    features.extract(std::span(audio.samples).subspan(part.first, part.size), row);
}

} // namespace

extern "C" [[gnu::noinline]] void measured_track(extractor& features, const clip& audio, std::vector<float>& row) {
  measure(features, audio, row);
}

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: count_track TRACK PRESET INSTRUCTION_SET\n", stderr);
    return 2;
  }
  const feature_preset& preset = feature_presets().at(argv[2]);
  feature_settings settings;
  settings.names = preset.names;
  settings.statistics = preset.statistics;
  settings.n_mfcc = preset.n_mfcc;
  settings.isa = argv[3];
  const clip audio = read_clip(argv[1], {});
  extractor features(settings, audio.rate);
  std::vector<float> row(features.width());
  measure(features, audio, row);
  measured_track(features, audio, row);
  std::printf("%.9g\n", static_cast<double>(row[0]));
}
