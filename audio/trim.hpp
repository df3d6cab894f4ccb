// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace fugato {

/// Samples [first, last) of a signal.
struct sample_range {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// What is left when the silence at both ends is cut: from the first to the
/// last frame whose root mean square lies less than @p top_db below that of the
/// loudest frame. Frames of 2048 samples every 512, centred, zeros beyond the
/// ends; 20 log10(max(rms, 1e-5)) [dB]. A signal of zeros is kept whole.
/// librosa.effects.trim.
sample_range trim(std::span<const float> samples, double top_db);

} // namespace fugato
