// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/catalog.hpp"

#include <cstddef>
#include <vector>

namespace fugato {

/// Where a feature's values stand in a row: statistic s of band b at
/// first + b * band_stride + s.
struct placement {
  const feature* what;
  std::size_t bands;
  std::vector<const statistic*> statistics;
  std::size_t first;
  std::size_t band_stride;
};

/// The placements of `settings.names`, in their order.
/// @throws error(settings) for a name that no catalog has.
std::vector<placement> layout_of(const feature_settings& settings);

/// Columns of all of them.
std::size_t width_of(const std::vector<placement>& layout);

} // namespace fugato
