// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// The frames on which the beats fall: the path through the onset envelope x that maximises the onsets met and keeps
/// its steps d near the period p = round(60 frames_per_second / tempo),
///
///   sum over beats of s[t] - 100 ln(d / p)^2,  p / 2 <= d <= 2 p,
///
/// where s is x, divided by its standard deviation, smoothed by exp(-(32 t / p)^2 / 2). Weak beats at either end are
/// left out. librosa.beat.beat_track with its default tightness and trimming, of librosa 0.10.1; Ellis, "Beat tracking
/// by dynamic programming", J. New Music Research 36 (2007).
/// @param onset strength, one value a frame, see onset_strength_median
/// @param tempo [bpm]; no beats where it is 0
std::vector<std::uint32_t> beat_frames(std::span<const float> onset, double tempo, double frames_per_second);

} // namespace fugato
