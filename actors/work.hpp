// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"
#include "config/catalog.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace fugato {

/// One row of the catalog of works: what lines do with their tasks.
struct work {
  std::string_view name;
  std::string_view summary;
  /// SHA-256 of the settings as this program understands them.
  std::string (*digest)(const std::string& settings);
  /// What the lines of one process have in common is made once, from the briefing;
  /// the result makes the stages of each.
  /// @param root folder of the tracks; empty: no limit
  /// @throws error(settings) for a briefing that cannot be worked with
  first_stage (*prepare)(const briefing& brief, const std::string& root);
};

const catalog<work>& works();

} // namespace fugato
