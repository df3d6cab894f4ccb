// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/split.hpp"

#include "config/error.hpp"
#include "models/draw.hpp"
#include "models/track_files.hpp"
#include "models/units.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace fugato {
namespace {

using row_list = std::span<const std::uint32_t>;

void need_tracks(const dataset& table, const split_settings& settings) {
  if (table.tracks.empty())
    throw error(errc::bad_table, fmt::format("split.kind = {} needs a table that names the track of each row, but this "
                                             "one has no column file_name; split.kind = random-chunk works without",
                                             settings.kind));
}

void need_file(const std::string& path, std::string_view kind, std::string_view setting) {
  if (path.empty())
    throw error(errc::settings, fmt::format("split.kind = {} needs a file, split.{}", kind, setting));
}

void need_lists(const split_settings& settings) {
  need_file(settings.lists.train, settings.kind, "lists.train");
  need_file(settings.lists.test, settings.kind, "lists.test");
}

/// The largest things known that must not be torn apart.
units whole_things(const dataset& table, row_list rows, const split_settings& settings) {
  return table.tracks.empty()      ? single_rows(table, rows)
         : settings.groups.empty() ? whole_tracks(table, rows)
                                   : whole_groups(table, rows, settings.groups);
}

void need_classes(const units& x, std::string_view what) {
  if (x.classes.empty())
    throw error(errc::bad_table, fmt::format("{} needs a label for each row, but the table has no column label", what));
}

split parted(row_list rows, const units& x, const std::vector<bool>& is_test) {
  split result;
  for (std::size_t i = 0; i < rows.size(); ++i)
    (is_test[x.of_row[i]] ? result.test : result.train).push_back(rows[i]);
  result.notes = x.notes;
  return result;
}

split hold_out(row_list rows, const units& x, const split_settings& settings) {
  const draw_settings how{settings.test_size, settings.seed, x.things};
  if (settings.stratified)
    need_classes(x, "a stratified split");
  return parted(rows, x, settings.stratified ? draw_stratified(x.classes, how) : draw(x.count, how));
}

split fold_out(row_list rows, const units& x, const split_settings& settings, std::uint32_t fold) {
  need_classes(x, "split.kind = k-fold");
  const auto folds = draw_folds(x.classes, settings.folds, settings.seed, x.things);
  std::vector<bool> is_test;
  for (const std::uint32_t i : folds)
    is_test.push_back(i == fold);
  return parted(rows, x, is_test);
}

split random_chunk(const dataset& table, row_list rows, const split_settings& settings, std::uint32_t) {
  return hold_out(rows, single_rows(table, rows), settings);
}

split grouped_track(const dataset& table, row_list rows, const split_settings& settings, std::uint32_t) {
  need_tracks(table, settings);
  return hold_out(rows, whole_tracks(table, rows), settings);
}

split k_fold(const dataset& table, row_list rows, const split_settings& settings, std::uint32_t fold) {
  need_tracks(table, settings);
  return fold_out(rows, whole_things(table, rows, settings), settings, fold);
}

split by_groups(const dataset& table, row_list rows, const split_settings& settings, std::uint32_t) {
  need_tracks(table, settings);
  need_file(settings.groups, settings.kind, "groups");
  return hold_out(rows, whole_groups(table, rows, settings.groups), settings);
}

split by_lists(const dataset& table, row_list rows, const split_settings& settings, std::uint32_t) {
  need_tracks(table, settings);
  need_lists(settings);
  struct part {
    const std::string& file;
    std::vector<std::uint32_t> split::*rows;
  };
  const std::array<part, 3> parts{part{settings.lists.train, &split::train}, part{settings.lists.valid, &split::valid},
                                  part{settings.lists.test, &split::test}};
  const track_finder finder(table);
  std::vector<const part*> part_of(table.track_names.size(), nullptr);
  split result;
  for (const part& one : parts) {
    if (one.file.empty())
      continue;
    const auto lines = read_track_list(one.file, errc::bad_table);
    std::size_t unknown = 0;
    for (const named_track& line : lines) {
      const auto track = finder.find(line.name);
      unknown += track ? 0 : 1;
      if (track && part_of[*track] != nullptr && part_of[*track] != &one)
        throw error(errc::bad_table, fmt::format("{}: line {}: a track must be in one list, but '{}' is in {} too",
                                                 one.file, line.line, line.name, part_of[*track]->file));
      if (track)
        part_of[*track] = &one;
    }
    if (unknown == lines.size())
      throw error(errc::bad_table,
                  fmt::format("{}: must name tracks of the table, but knows none of them; the table has '{}', the list "
                              "'{}'",
                              one.file, table.track_names.front(), lines.front().name));
    if (unknown > 0)
      result.notes.push_back(
          fmt::format("{} of {} tracks of {} are not in the table", unknown, lines.size(), one.file));
  }
  for (const std::uint32_t row : rows)
    if (const part* const one = part_of[table.tracks[row]])
      (result.*(one->rows)).push_back(row);
  const auto left_out = std::count(part_of.begin(), part_of.end(), nullptr);
  if (left_out > 0)
    result.notes.push_back(fmt::format("{} of {} tracks are in none of the lists: left out", left_out, part_of.size()));
  return result;
}

std::uint32_t one_part(const split_settings&) { return 1; }
std::uint32_t part_per_fold(const split_settings& settings) { return settings.folds; }

std::string drawn(const split_settings& settings) {
  return fmt::format("{}test size {} and seed {}", settings.stratified ? "stratified " : "", settings.test_size,
                     settings.seed);
}

std::string dealt(const split_settings& settings) {
  return fmt::format("{} stratified folds of {} and seed {}", settings.folds,
                     settings.groups.empty() ? "tracks" : "groups", settings.seed);
}

std::string listed(const split_settings& settings) {
  return fmt::format("train list {} and test list {}", settings.lists.train, settings.lists.test);
}

void check_nothing(const split_settings&) {}

void check_folds(const split_settings& settings) {
  if (!settings.groups.empty())
    read_track_groups(settings.groups, errc::settings);
}

void check_groups(const split_settings& settings) {
  need_file(settings.groups, settings.kind, "groups");
  check_folds(settings);
}

void check_lists(const split_settings& settings) {
  need_lists(settings);
  for (const std::string& file : {settings.lists.train, settings.lists.valid, settings.lists.test})
    if (!file.empty())
      read_track_list(file, errc::settings);
}

/// @param plan how it was parted, for the errors
void check_parts(const dataset& table, const split& parts, const std::string& plan) {
  if (parts.train.empty() || parts.test.empty())
    throw error(errc::bad_table, fmt::format("a split needs rows on both sides; {} leaves {} to learn from and {} to "
                                             "test with",
                                             plan, parts.train.size(), parts.test.size()));
  if (table.labels.empty())
    return;
  std::vector<bool> learnt(table.label_names.size(), false);
  for (const std::uint32_t row : parts.train)
    learnt[table.labels[row]] = true;
  for (const std::uint32_t row : parts.test)
    if (!learnt[table.labels[row]])
      throw error(errc::bad_table,
                  fmt::format("class '{}' must have rows to learn from, but {} sends all of them to the test; it needs "
                              "more tracks, another seed or a smaller test part",
                              table.label_names[table.labels[row]], plan));
}

} // namespace

void describe(visitor& v, split_lists& x) {
  v("train", x.train, a_path{}, "a file that names the tracks to learn from, one a line: [genre/]name[.wav|.au]");
  v("valid", x.valid, a_path{}, "the same for those to stop early or to tune by; may be left out");
  v("test", x.test, a_path{}, "the same for those to test with");
}

void describe(visitor& v, split_settings& x) {
  v("kind", x.kind, one_of{split_kinds().names()}, "what is parted, and how: `fugato list splits`");
  v("test_size", x.test_size, between{0.001, 0.999}, "share of the tracks, chunks or groups that is tested with");
  v("seed", x.seed, anything{}, "of the random choice; the same one as random_state of scikit-learn");
  v("stratified", x.stratified, anything{},
    "whether a random choice keeps each class's share on both sides; k-fold always does");
  v("folds", x.folds, between{2, 1000}, "of k-fold");
  v("repeats", x.repeats, between{1, 1000}, "how often all is repeated, with seeds seed, seed + 1, ...");
  v("lists", x.lists, "the files of kind lists");
  v("groups", x.groups, a_path{},
    "kinds groups and k-fold: a CSV of track,group (say, artist); a group is never on both sides, and a track that is "
    "not in the file is a group of its own");
}

const catalog<split_kind>& split_kinds() {
  static const catalog<split_kind> kinds(
      "split.kind",
      {{"grouped-track", "Whole tracks are tested with: no track is on both sides (GroupShuffleSplit).", false,
        one_part, drawn, check_nothing, grouped_track},
       {"random-chunk",
        "Single chunks are tested with: other chunks of their tracks are learnt from "
        "(train_test_split). LEAKY: flatters every model.",
        true, one_part, drawn, check_nothing, random_chunk},
       {"k-fold",
        "Each track is tested with once: `folds` parts of whole tracks, or groups, with each class's share "
        "(StratifiedKFold).",
        false, part_per_fold, dealt, check_folds, k_fold},
       {"lists", "Tracks as files list them for training, validation and test.", false, one_part, listed, check_lists,
        by_lists},
       {"groups", "Whole groups of tracks are tested with, as a file tells them: artists, albums.", false, one_part,
        drawn, check_groups, by_groups}});
  return kinds;
}

void check(const split_settings& settings) { split_kinds().at(settings.kind).check(settings); }

std::uint32_t split_count(const split_settings& settings) {
  return settings.repeats * split_kinds().at(settings.kind).parts(settings);
}

split split_rows(const dataset& table, std::span<const std::uint32_t> rows, const split_settings& settings,
                 std::uint32_t part) {
  const split_kind& kind = split_kinds().at(settings.kind);
  if (part >= split_count(settings))
    throw error(errc::internal, fmt::format("split {} must be one of {}", part, split_count(settings)));
  const std::uint32_t folds = kind.parts(settings);
  split_settings repetition = settings;
  repetition.seed += part / folds;
  split result = kind.part(table, rows, repetition, part % folds);
  result.kind = kind.name;
  result.leaky = kind.leaky;
  result.repeat = part / folds;
  result.fold = part % folds;
  check_parts(table, result, settings.kind + " with " + kind.how(repetition));
  return result;
}

split split_rows(const dataset& table, const split_settings& settings, std::uint32_t part) {
  std::vector<std::uint32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return split_rows(table, rows, settings, part);
}

std::vector<split> splits_of(const dataset& table, const split_settings& settings) {
  std::vector<split> result;
  for (std::uint32_t part = 0; part < split_count(settings); ++part)
    result.push_back(split_rows(table, settings, part));
  return result;
}

std::vector<split> inner_splits(const dataset& table, const split& outer, const split_settings& settings,
                                std::uint32_t folds) {
  split_settings inner = settings;
  inner.seed += outer.repeat;
  inner.stratified = false;
  inner.test_size = 0.2;
  inner.folds = folds;
  std::vector<split> result(std::max(folds, 1U));
  std::string plan = "split.lists.valid";
  if (folds < 2 && !outer.valid.empty()) {
    result.front().train = outer.train;
    result.front().test = outer.valid;
  } else {
    const units x = whole_things(table, outer.train, inner);
    for (std::uint32_t fold = 0; fold < result.size(); ++fold) {
      result[fold] = folds < 2 ? hold_out(outer.train, x, inner) : fold_out(outer.train, x, inner, fold);
      result[fold].fold = fold;
    }
    plan = "parting the training rows again with " + (folds < 2 ? drawn(inner) : dealt(inner));
  }
  for (split& one : result) {
    one.kind = outer.kind;
    one.leaky = outer.leaky;
    one.repeat = outer.repeat;
    check_parts(table, one, plan);
  }
  return result;
}

} // namespace fugato
