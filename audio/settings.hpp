// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstdint>
#include <string>

namespace fugato {

/// How a file becomes mono samples.
struct audio_settings {
  std::uint32_t rate = 22050;     ///< [Hz]
  std::string on_damage = "skip"; ///< or "partial"
  double max_seconds = 7200;      ///< [s]
  std::uint32_t max_channels = 64;
  bool trim = false;
  double trim_db = 60; ///< [dB]
};

/// How samples become chunks.
struct chunking_settings {
  std::string mode = "report"; ///< or "even"
  double seconds = 3;          ///< [s], of mode "even"
  std::string tail = "drop";   ///< or "keep", "pad"; of mode "even"
};

void describe(visitor& v, audio_settings& x);
void describe(visitor& v, chunking_settings& x);

} // namespace fugato
