// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/settings.hpp"

namespace fugato {

void describe(visitor& v, audio_settings& x) {
  v("rate", x.rate, between{1000, 192000}, "sample rate of the analysis; other rates are resampled [Hz]");
  v("on_damage", x.on_damage, one_of{{"skip", "partial"}},
    "what to do with damaged audio: skip the track, or use the part before the damage");
  v("max_seconds", x.max_seconds, between{0.1, 360000}, "longer tracks are refused [s]");
  v("max_channels", x.max_channels, between{1, 1024}, "tracks with more channels are refused");
  v("trim", x.trim, anything{}, "cut silence at both ends before chunking (librosa.effects.trim)");
  v("trim_db", x.trim_db, between{1, 200}, "what counts as silence, below the loudest frame [dB]");
}

void describe(visitor& v, chunking_settings& x) {
  v("mode", x.mode, one_of{{"report", "even"}},
    "report: 72766 samples every 72765, tail kept (librosa.stream with block 11); even: equal lengths");
  v("seconds", x.seconds, between{0.05, 3600}, "length of a chunk in mode even [s]");
  v("tail", x.tail, one_of{{"drop", "keep", "pad"}},
    "what becomes of the short last chunk in mode even; pad fills it with zeros");
}

} // namespace fugato
