// SPDX-License-Identifier: GPL-3.0-or-later
// Vectors first, the table last; the order of those between does not matter.
#include "features/kernels/lanes.hpp"

#include "features/kernels/bands.hpp"
#include "features/kernels/fourier.hpp"
#include "features/kernels/median.hpp"
#include "features/kernels/shape.hpp"
#include "features/kernels/signal.hpp"

#include "features/kernels/table.hpp"
