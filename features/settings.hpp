// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// What is measured of a chunk. The defaults are the preset `report`.
struct feature_settings {
  std::string preset = "report";
  std::vector<std::string> names;      ///< rows of the feature catalog, in column order
  std::vector<std::string> statistics; ///< rows of the statistic catalog
  std::uint32_t n_mfcc = 20;
  std::uint32_t n_fft = 2048;     ///< [samples]
  std::uint32_t hop_length = 512; ///< [samples]
  std::string padding = "zero";   ///< or "reflect"
  std::string isa = "auto";       ///< or a row of the instruction sets

  feature_settings();
};

void describe(visitor& v, feature_settings& x);

} // namespace fugato
