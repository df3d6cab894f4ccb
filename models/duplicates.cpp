// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/duplicates.hpp"

#include "config/hash.hpp"
#include "models/metrics.hpp"
#include "models/scaler.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

namespace fugato {
namespace {

constexpr double near_ratio = 0.2;

/// Which parts of a split a track has rows in.
struct track_side {
  bool train = false;
  bool valid = false;
  bool test = false;

  std::string name() const {
    return train && test ? "both" : train ? "train" : test ? "test" : valid ? "valid" : "none";
  }
};

std::vector<track_side> sides_of(const dataset& table, const split& parts) {
  std::vector<track_side> result(table.track_names.size());
  for (const std::uint32_t row : parts.train)
    result[table.tracks[row]].train = true;
  for (const std::uint32_t row : parts.valid)
    result[table.tracks[row]].valid = true;
  for (const std::uint32_t row : parts.test)
    result[table.tracks[row]].test = true;
  return result;
}

/// The rows of each track by chunk.
std::vector<std::vector<std::uint32_t>> rows_of_tracks(const dataset& table) {
  std::vector<std::vector<std::uint32_t>> result(table.track_names.size());
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    result[table.tracks[row]].push_back(row);
  for (auto& rows : result)
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return table.chunks[a] < table.chunks[b]; });
  return result;
}

std::string hash_of(const dataset& table, const std::vector<std::uint32_t>& rows) {
  std::vector<float> values;
  for (const std::uint32_t row : rows)
    values.insert(values.end(), table.row(row).begin(), table.row(row).end());
  return sha256_hex(std::as_bytes(std::span(values)));
}

/// What the report says about tracks.
struct directory {
  const dataset& table;
  std::vector<std::uint32_t> labels; ///< of each track; empty without labels
  std::vector<track_side> sides;

  const std::string& name(std::uint32_t track) const { return table.track_names[track]; }
  std::string label(std::uint32_t track) const { return labels.empty() ? "" : table.label_names[labels[track]]; }
};

std::vector<equal_tracks> find_equal(const directory& tracks, const std::vector<std::vector<std::uint32_t>>& rows) {
  std::map<std::string, std::vector<std::uint32_t>> by_hash;
  for (std::uint32_t track = 0; track < rows.size(); ++track)
    if (!rows[track].empty())
      by_hash[hash_of(tracks.table, rows[track])].push_back(track);
  std::vector<std::vector<std::uint32_t>> groups;
  for (const auto& [hash, group] : by_hash)
    if (group.size() > 1)
      groups.push_back(group);
  std::sort(groups.begin(), groups.end());
  std::vector<equal_tracks> result;
  for (const auto& group : groups) {
    equal_tracks one;
    bool learnt = false;
    bool tested = false;
    for (const std::uint32_t track : group) {
      one.tracks.push_back(tracks.name(track));
      one.labels.push_back(tracks.label(track));
      one.sides.push_back(tracks.sides[track].name());
      learnt = learnt || tracks.sides[track].train;
      tested = tested || tracks.sides[track].test;
    }
    one.across = learnt && tested;
    result.push_back(std::move(one));
  }
  return result;
}

/// The mean of each track's standardised rows: tracks x columns.
std::vector<float> track_means(const dataset& table, const std::vector<std::vector<std::uint32_t>>& rows) {
  std::vector<std::uint32_t> all(table.rows());
  std::iota(all.begin(), all.end(), 0U);
  const scaler by = fit_scaler(table, all);
  std::vector<float> result;
  result.reserve(rows.size() * table.width());
  for (const auto& of_track : rows)
    for (std::size_t j = 0; j < table.width(); ++j) {
      double sum = 0;
      for (const std::uint32_t row : of_track)
        sum += static_cast<double>(table.row(row)[j]);
      const double mean = of_track.empty() ? 0 : sum / static_cast<double>(of_track.size());
      result.push_back(static_cast<float>((mean - by.mean[j]) / by.scale[j]));
    }
  return result;
}

struct neighbour {
  std::uint32_t track = 0;
  std::uint32_t other = 0;
  double distance = 0;
};

/// The nearest training track of each test track other than itself. Column by column over all training tracks,
/// which the compiler turns into vector instructions; differences, so that equal tracks are at 0.
std::vector<neighbour> nearest(const std::vector<float>& means, std::size_t width,
                               const std::vector<track_side>& sides) {
  std::vector<std::uint32_t> learnt;
  for (std::uint32_t track = 0; track < sides.size(); ++track)
    if (sides[track].train)
      learnt.push_back(track);
  std::vector<float> columns;
  columns.reserve(learnt.size() * width);
  for (std::size_t j = 0; j < width; ++j)
    for (const std::uint32_t track : learnt)
      columns.push_back(means[track * width + j]);

  std::vector<neighbour> result;
  std::vector<float> squares(learnt.size());
  for (std::uint32_t track = 0; track < sides.size(); ++track) {
    if (!sides[track].test)
      continue;
    std::fill(squares.begin(), squares.end(), 0.0F);
    for (std::size_t j = 0; j < width; ++j) {
      const float x = means[track * width + j];
      const float* column = columns.data() + j * learnt.size();
      for (std::size_t i = 0; i < squares.size(); ++i)
        squares[i] += (column[i] - x) * (column[i] - x);
    }
    std::size_t best = learnt.size();
    for (std::size_t i = 0; i < squares.size(); ++i)
      if (learnt[i] != track && (best == learnt.size() || squares[i] < squares[best]))
        best = i;
    if (best < learnt.size())
      result.push_back({track, learnt[best], std::sqrt(static_cast<double>(squares[best]))});
  }
  return result;
}

double median_distance(std::vector<neighbour> xs) {
  if (xs.empty())
    return 0;
  const auto middle = xs.begin() + static_cast<std::ptrdiff_t>(xs.size() / 2);
  std::nth_element(xs.begin(), middle, xs.end(),
                   [](const neighbour& a, const neighbour& b) { return a.distance < b.distance; });
  return middle->distance;
}

} // namespace

void describe(visitor& v, equal_tracks& x) {
  v("tracks", x.tracks, anything{}, "whose rows are equal to the bit");
  v("labels", x.labels, anything{}, "of each");
  v("sides", x.sides, anything{}, "of each: train, valid, test, both or none");
  v("across", x.across, anything{}, "learnt from and tested with");
}

void describe(visitor& v, near_tracks& x) {
  v("track", x.track, anything{}, "tested with");
  v("label", x.label, anything{}, "its class");
  v("side", x.side, anything{}, "test, or both");
  v("other", x.other, anything{}, "its nearest training track");
  v("other_label", x.other_label, anything{}, "the class of that");
  v("other_side", x.other_side, anything{}, "train, or both");
  v("distance", x.distance, anything{}, "between their mean rows, columns standardised");
  v("ratio", x.ratio, anything{}, "distance over typical distance");
}

void describe(visitor& v, duplicate_report& x) {
  v("equal", x.equal, "tracks whose rows are equal to the bit");
  v("typical_distance", x.typical_distance, anything{},
    "median over the test tracks of the distance to the nearest training track");
  v("threshold", x.threshold, anything{}, "of the ratio: test tracks below it are listed");
  v("near", x.near, "test tracks suspiciously near to a training track");
}

duplicate_report find_duplicates(const dataset& table, const split& parts) {
  duplicate_report result;
  result.threshold = near_ratio;
  if (table.tracks.empty())
    return result;
  const directory tracks{table, table.labels.empty() ? std::vector<std::uint32_t>{} : track_labels(table),
                         sides_of(table, parts)};
  const auto rows = rows_of_tracks(table);
  result.equal = find_equal(tracks, rows);
  auto pairs = nearest(track_means(table, rows), table.width(), tracks.sides);
  result.typical_distance = median_distance(pairs);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const neighbour& a, const neighbour& b) { return a.distance < b.distance; });
  for (const neighbour& one : pairs) {
    if (!(one.distance < near_ratio * result.typical_distance))
      break;
    if (hash_of(table, rows[one.track]) == hash_of(table, rows[one.other]))
      continue; // listed as equal
    result.near.push_back({tracks.name(one.track), tracks.label(one.track), tracks.sides[one.track].name(),
                           tracks.name(one.other), tracks.label(one.other), tracks.sides[one.other].name(),
                           one.distance, one.distance / result.typical_distance});
  }
  return result;
}

} // namespace fugato
