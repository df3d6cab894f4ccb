// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef __x86_64__
#include "features/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

// Only what follows may use these instructions: a function of the headers above, which the linker may take from any
// file, runs on every machine.
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
namespace fugato::avx2 {

inline constexpr std::size_t lane_count = 8;

#include "features/kernels/all.hpp"

} // namespace fugato::avx2
#pragma GCC pop_options
#endif
