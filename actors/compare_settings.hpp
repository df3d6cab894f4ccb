// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// What `fugato compare` measures: each policy with each worker count is a cell.
struct compare_settings {
  std::vector<std::string> policies; ///< none: all
  std::vector<std::uint32_t> workers{1, 2, 4};
  std::uint32_t repetitions = 5;
  std::uint32_t files = 50;
  std::uint32_t warmup = 1; ///< rounds that are not counted
};

void describe(visitor& v, compare_settings& x);

} // namespace fugato
