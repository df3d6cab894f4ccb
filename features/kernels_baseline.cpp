// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace fugato::baseline {

inline constexpr std::size_t lane_count = 4;

#include "features/kernels/all.hpp"

} // namespace fugato::baseline
