// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"
#include "config/catalog.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace fugato {

/// What a worker was told when it was started, on its own machine.
struct site {
  std::string root;          ///< folder of the tracks; empty: no limit
  std::string isa;           ///< instruction set to compute by; empty: what the run or the processor says
  switchboard_actor board{}; ///< through which ranks reach each other; null: directly
};

/// What the lines of one process have in common.
struct prepared_work {
  first_stage open; ///< makes the stages of a line
  std::string isa;  ///< instruction set that they compute by; empty where none is chosen
};

/// One row of the catalog of works: what lines do with their tasks.
struct work {
  std::string_view name;
  std::string_view summary;
  /// SHA-256 of the settings as this program understands them.
  std::string (*digest)(const std::string& settings);
  /// Called once a process.
  /// @throws error(settings) for a briefing that cannot be worked with here
  prepared_work (*prepare)(const briefing& brief, const site& here);
};

const catalog<work>& works();

} // namespace fugato
