// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/lanes.hpp"

#include <cstddef>
#include <span>

namespace fugato {

/// Values that a running median looks at.
inline constexpr std::size_t median_width = 31;

/// Results come in blocks of so many.
inline constexpr std::size_t median_block = 16;

/// Running median of 31 in each of four lanes, exact: out[i] is the median of
/// x[i] .. x[i + 30]. The size of `out` is a multiple of 16; `x` has 30 values more.
void running_median(std::span<const lanes> x, std::span<lanes> out);

/// Index of the sample that stands at i, in -n .. 2 n and beyond, of a signal of n samples that
/// mirrors at its ends with the end repeated (c b a | a b c | c b a), scipy's "reflect".
std::size_t mirrored(std::ptrdiff_t i, std::size_t n);

} // namespace fugato
