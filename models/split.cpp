// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/split.hpp"

#include "config/error.hpp"
#include "models/numpy_random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace fugato {
namespace {

/// Which of n things are tested with: the first ceil(test_size n) of a random
/// permutation (sklearn.model_selection.ShuffleSplit).
std::vector<bool> draw(std::size_t n, const split_settings& settings, std::string_view things) {
  const auto n_test = static_cast<std::size_t>(std::ceil(settings.test_size * static_cast<double>(n)));
  if (n_test == 0 || n_test >= n)
    throw error(errc::bad_table, fmt::format("a split needs {0} on both sides; with {1} {0} and split.test_size = {2}, "
                                             "{3} are left to learn from and {4} to test with",
                                             things, n, settings.test_size, n - std::min(n, n_test), n_test));
  std::vector<bool> result(n, false);
  const auto order = numpy_random(settings.seed).permutation(static_cast<std::uint32_t>(n));
  for (std::size_t i = 0; i < n_test; ++i)
    result[order[i]] = true;
  return result;
}

/// sklearn.model_selection.train_test_split(shuffle=True, random_state=seed).
std::vector<bool> random_chunk(const dataset&, std::span<const std::uint32_t> rows, const split_settings& settings) {
  return draw(rows.size(), settings, "rows");
}

/// sklearn.model_selection.GroupShuffleSplit(random_state=seed), the groups being the tracks' names.
std::vector<bool> grouped_track(const dataset& table, std::span<const std::uint32_t> rows,
                                const split_settings& settings) {
  if (table.tracks.empty())
    throw error(errc::bad_table, "split.kind = grouped-track needs a table that names the track of each row, but this "
                                 "one has no column file_name; split.kind = random-chunk works without");
  std::vector<std::uint32_t> tracks;
  for (const std::uint32_t row : rows)
    tracks.push_back(table.tracks[row]);
  std::sort(tracks.begin(), tracks.end(),
            [&](std::uint32_t a, std::uint32_t b) { return table.track_names[a] < table.track_names[b]; });
  tracks.erase(std::unique(tracks.begin(), tracks.end()), tracks.end());

  const std::vector<bool> drawn = draw(tracks.size(), settings, "tracks");
  std::vector<bool> track_is_test(table.track_names.size(), false);
  for (std::size_t i = 0; i < tracks.size(); ++i)
    track_is_test[tracks[i]] = drawn[i];
  std::vector<bool> result;
  for (const std::uint32_t row : rows)
    result.push_back(track_is_test[table.tracks[row]]);
  return result;
}

void check_classes(const dataset& table, const split& parts, const split_settings& settings) {
  std::vector<bool> learnt(table.label_names.size(), false);
  for (const std::uint32_t row : parts.train)
    learnt[table.labels[row]] = true;
  for (const std::uint32_t row : parts.test)
    if (!learnt[table.labels[row]])
      throw error(errc::bad_table,
                  fmt::format("class '{}' must have rows to learn from, but {} with test size {} and seed {} sends all "
                              "of them to the test; it needs more tracks, another seed or a smaller test part",
                              table.label_names[table.labels[row]], settings.kind, settings.test_size, settings.seed));
}

} // namespace

void describe(visitor& v, split_settings& x) {
  v("kind", x.kind, one_of{split_kinds().names()}, "what is parted: whole tracks, or chunks whatever their track");
  v("test_size", x.test_size, between{0.001, 0.999}, "share of the tracks or chunks that is tested with");
  v("seed", x.seed, anything{}, "of the random choice; the same one as random_state of scikit-learn");
}

const catalog<split_kind>& split_kinds() {
  static const catalog<split_kind> kinds(
      "split.kind", {{"grouped-track", "Whole tracks are tested with: no track is on both sides (GroupShuffleSplit).",
                      false, grouped_track},
                     {"random-chunk",
                      "Single chunks are tested with: other chunks of their tracks are learnt from (train_test_split).",
                      true, random_chunk}});
  return kinds;
}

split split_rows(const dataset& table, std::span<const std::uint32_t> rows, const split_settings& settings) {
  const split_kind& kind = split_kinds().at(settings.kind);
  const std::vector<bool> is_test = kind.is_test(table, rows, settings);
  split result{{}, {}, std::string(kind.name), kind.leaky};
  for (std::size_t i = 0; i < rows.size(); ++i)
    (is_test[i] ? result.test : result.train).push_back(rows[i]);
  if (!table.labels.empty())
    check_classes(table, result, settings);
  return result;
}

split split_rows(const dataset& table, const split_settings& settings) {
  std::vector<std::uint32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return split_rows(table, rows, settings);
}

} // namespace fugato
