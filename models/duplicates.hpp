// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/dataset.hpp"
#include "models/split.hpp"

#include <string>
#include <vector>

/// Recordings that a table holds more than once: a model that has learnt one copy
/// need not generalise to know the other. GTZAN has dozens.
namespace fugato {

/// Tracks whose rows are equal to the bit. Features depend on the decoded audio
/// only, so these are equal recordings, whatever their names and containers.
struct equal_tracks {
  std::vector<std::string> tracks;
  std::vector<std::string> labels; ///< of each
  std::vector<std::string> sides;  ///< of each: "train", "valid", "test", "both" or "none"
  bool across = false;             ///< learnt from and tested with
};

/// A test track and a training track that are suspiciously alike.
struct near_tracks {
  std::string track, label, side;
  std::string other, other_label, other_side;
  double distance = 0;
  double ratio = 0; ///< distance / typical distance
};

struct duplicate_report {
  std::vector<equal_tracks> equal; ///< in the order of the table
  double typical_distance = 0;     ///< median over the test tracks of the distance to the nearest training track
  double threshold = 0;            ///< of the ratio
  std::vector<near_tracks> near;   ///< nearest first
};

void describe(visitor& v, equal_tracks& x);
void describe(visitor& v, near_tracks& x);
void describe(visitor& v, duplicate_report& x);

/// Finds equal tracks by a hash of their rows, and near ones across the split: a
/// track is the mean of its rows, each column standardised over the table, and the
/// nearest training track of each test track counts as near when its (Euclidean)
/// distance is below 0.2 of the median of these distances. On a published table of
/// 1000 tracks that holds some recordings twice, those lie at up to 0.1 and all
/// others from 0.3 on; halves of one track differ by 1.1. Nothing is found in a
/// table that does not name tracks. Time: O(test tracks x training tracks x columns).
duplicate_report find_duplicates(const dataset& table, const split& parts);

} // namespace fugato
