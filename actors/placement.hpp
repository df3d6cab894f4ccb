// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace fugato {

/// Where the lines of a run live. A placement starts them and, when it is
/// destroyed, stops whatever it started; after `deploy`, all placements look
/// alike, for a line's handle does not tell where it runs.
class placement {
public:
  virtual ~placement() = default;

  virtual std::vector<line_actor> deploy(caf::actor_system& system, const line_settings& settings, std::uint32_t lines,
                                         const sink_actor& sink) = 0;
};

/// Lines in this process.
std::unique_ptr<placement> place_here();

} // namespace fugato
