// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"

#include <string_view>

namespace fugato {

/// One row of the catalog of what can be compared, with the words of its report.
struct comparison_stage {
  std::string_view name;
  std::string_view summary;
  bool learns;                      ///< cells fit a model to a table; else they make a table of audio
  std::string_view title;           ///< of the page
  std::string_view baseline_policy; ///< whose cell of one worker the speed-ups are against
  std::string_view baseline;        ///< what prose calls that cell
  std::string_view compute;         ///< what workers are there for
  std::string_view other;           ///< what else the CPU is spent on
  std::string_view usage;           ///< heading of what goes on over time
};

const catalog<comparison_stage>& comparison_stages();

} // namespace fugato
