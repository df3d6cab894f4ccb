// SPDX-License-Identifier: GPL-3.0-or-later
// From the bytes of a file to samples: containers, codecs, resampling, trimming. A file of a kilobyte may hold
// hours of silence, hence the short limit.
#include "audio/clip.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cmath>

using namespace fugato;

namespace {

void check_clip(const clip& x, const audio_settings& settings) {
  fuzz::promise(!x.samples.empty(), "a clip has samples");
  fuzz::promise(x.rate == settings.rate, "a clip has the rate of the analysis");
  fuzz::promise(x.file_seconds <= settings.max_seconds + 1e-6, "a clip is no longer than max_seconds");
  fuzz::promise(settings.on_damage == "partial" || x.damage.empty(), "damaged audio is skipped unless asked for");
  fuzz::promise(std::all_of(x.samples.begin(), x.samples.end(), [](float v) { return std::isfinite(v); }),
                "samples are finite");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const char* on_damage : {"skip", "partial"}) {
    audio_settings settings;
    settings.on_damage = on_damage;
    settings.max_seconds = 2;
    settings.trim = size % 2 == 1;
    fuzz::attempt([&] { check_clip(make_clip(bytes, "fuzz", settings), settings); });
  }
  return 0;
}
