// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/compare_settings.hpp"

#include "actors/policy.hpp"
#include "report/comparison_stage.hpp"

namespace fugato {

void describe(visitor& v, compare_settings& x) {
  v("stage", x.stage, one_of{comparison_stages().names()},
    "extract: dispatch policies that make the table; train: threads and ranks that learn from it");
  v("policies", x.policies, one_of{policies().names()}, "stage extract: what is compared; none: all");
  v("workers", x.workers, between{1, 1024}, "stage extract: counts to try; a policy of one line is measured once");
  v("repetitions", x.repetitions, between{1, 1000}, "of each cell, in rounds over all cells");
  v("files", x.files, between{1, 1e9}, "stage extract: tracks per cell, spread evenly over the genres");
  v("warmup", x.warmup, between{0, 100}, "rounds before that are not counted");
  v("table", x.table, a_path{}, "stage train: a feature table; empty: that of the corpus, which is made first");
  v("threads", x.threads, between{1, 1024}, "stage train: train.threads to try with train.policy local");
  v("ranks", x.ranks, between{1, 64}, "stage train: train.ranks to try with train.policy distributed");
  v("chunk_rows", x.chunk_rows, between{1, 1e9}, "stage train: train.chunk_rows to try with each of these");
  v("tolerance", x.tolerance, between{0, 1},
    "stage train: cells whose test accuracy differs from that of one thread by more are marked. Measured on 3000 test "
    "rows, 1 to 28 ranks: up to 0.0103");
}

} // namespace fugato
