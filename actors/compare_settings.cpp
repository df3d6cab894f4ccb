// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/compare_settings.hpp"

#include "actors/policy.hpp"

namespace fugato {

void describe(visitor& v, compare_settings& x) {
  v("policies", x.policies, one_of{policies().names()}, "to compare; none: all");
  v("workers", x.workers, between{1, 1024}, "counts to try; a policy of one line is measured once");
  v("repetitions", x.repetitions, between{1, 1000}, "of each cell, in rounds over all cells");
  v("files", x.files, between{1, 1e9}, "tracks per cell, spread evenly over the genres");
  v("warmup", x.warmup, between{0, 100}, "rounds before that are not counted");
}

} // namespace fugato
