// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "features/curves.hpp"
#include "report/plot.hpp"

#include <string>
#include <string_view>

/// The ways to look at a track: a row each.
namespace fugato {

/// How finely pictures are drawn.
struct resolution {
  std::size_t columns; ///< along time, at most
  std::size_t rows;    ///< along frequency
  unsigned levels;     ///< of colours
};

struct view {
  std::string_view name;    ///< in file names
  std::string_view title;   ///< in the page
  std::string_view summary; ///< what there is to see, and how it was made
  unsigned height;          ///< of its area in the page [px]
  bool whole;               ///< whether it shows the track from its beginning to its end
  plot (*draw)(const curves& x, const resolution& fine);
};

const catalog<view>& views();

/// All curves that have a value a frame, as CSV: frame, seconds, each curve with its unit, 12 chroma, whether a beat
/// falls on the frame.
std::string curves_csv(const curves& x);

} // namespace fugato
