// SPDX-License-Identifier: GPL-3.0-or-later
// What was taken for what.
#include "models/metrics.hpp"
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/run_page_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace fugato {
namespace {

constexpr std::size_t most_listed = 400; ///< mistakes in the table
constexpr std::size_t most_named = 16;   ///< tracks that a cell names
constexpr std::size_t most_labels = 40;  ///< of a confusion matrix: a screen holds no more

std::vector<float> slice(const std::vector<float>& values, std::size_t i, std::size_t width) {
  const auto from = values.begin() + static_cast<std::ptrdiff_t>(i * width);
  return {from, from + static_cast<std::ptrdiff_t>(width)};
}

/// The names behind a cell, each once with how often it is there, surest first.
std::string names_of(std::vector<const judged*> members) {
  std::stable_sort(members.begin(), members.end(), [](const judged* a, const judged* b) {
    return a->probabilities[a->predicted] > b->probabilities[b->predicted];
  });
  std::vector<std::pair<std::string, std::uint32_t>> names;
  std::map<std::string, std::size_t> known;
  for (const judged* x : members) {
    const auto [at, fresh] = known.try_emplace(x->name, names.size());
    if (fresh)
      names.emplace_back(x->name, 0);
    ++names[at->second].second;
  }
  std::string result;
  for (std::size_t i = 0; i < std::min(most_named, names.size()); ++i)
    result += "\n" + names[i].first + (names[i].second > 1 ? fmt::format(" ({} chunks)", names[i].second) : "");
  return names.size() > most_named ? result + fmt::format("\nand {} more", names.size() - most_named) : result;
}

using cell_members = std::vector<std::vector<std::vector<const judged*>>>; // [truth][predicted]

std::string matrix(const std::vector<std::string>& labels, const cell_members& cells, bool shares) {
  std::size_t largest = 1;
  for (const auto& row : cells)
    for (const auto& cell : row)
      largest = std::max(largest, cell.size());
  std::vector<heat_row> rows;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t sum = std::accumulate(cells[i].begin(), cells[i].end(), std::size_t{0},
                                            [](std::size_t n, const auto& cell) { return n + cell.size(); });
    heat_row row{labels[i], {}};
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const auto& cell = cells[i][k];
      if (cell.empty()) {
        row.cells.push_back({});
        continue;
      }
      const double share = static_cast<double>(cell.size()) / static_cast<double>(sum);
      row.cells.push_back(
          {shares ? fmt::format("{:.0f}", 100 * share) : std::to_string(cell.size()),
           shares ? share : static_cast<double>(cell.size()) / static_cast<double>(largest),
           fmt::format("{} taken for {}: {} of {}, {}", labels[i], labels[k], cell.size(), sum, short_percent(share)) +
               names_of(cell)});
    }
    rows.push_back(std::move(row));
  }
  return heat_table("truth", labels, rows);
}

std::string matrices(const std::vector<std::string>& labels, const std::vector<judged>& all, const std::string& what) {
  cell_members cells(labels.size(), std::vector<std::vector<const judged*>>(labels.size()));
  for (const judged& x : all)
    cells[x.truth][x.predicted].push_back(&x);
  return wide_cards(card("By " + what + ": counts", matrix(labels, cells, false)) +
                    card("By " + what + ": percent of the row", matrix(labels, cells, true)));
}

/// "blues 0.61, rock 0.22, jazz 0.11"
std::string likeliest(const judged& x, const std::vector<std::string>& labels) {
  constexpr std::size_t most = 3;
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return x.probabilities[a] > x.probabilities[b]; });
  std::string result;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i)
    result += fmt::format("{}{} {:.2f}", i == 0 ? "" : ", ", labels[order[i]], x.probabilities[order[i]]);
  return result;
}

bool leaky(const run_report& x) { return x.training.leaky; }

} // namespace

std::vector<judged> judged_chunks(const judged_rows& x) {
  const std::size_t width = x.labels.size();
  const auto predicted = predicted_classes(x.probabilities, width);
  std::vector<judged> result;
  for (std::size_t i = 0; i < x.truth.size(); ++i)
    result.push_back({x.tracks.empty() ? fmt::format("row {}", x.numbers[i]) : x.track_names[x.tracks[i]], 1,
                      predicted[i] == x.truth[i] ? 1U : 0U, x.truth[i], predicted[i],
                      slice(x.probabilities, i, width)});
  return result;
}

std::vector<judged> judged_tracks(const judged_rows& x) {
  const std::vector<judged> chunks = judged_chunks(x);
  if (x.tracks.empty())
    return chunks;
  const std::size_t width = x.labels.size();
  const track_votes votes = track_probabilities(x.tracks, x.probabilities, width);
  const auto predicted = predicted_classes(votes.probabilities, width);
  std::vector<judged> result;
  for (std::size_t i = 0; i < votes.tracks.size(); ++i)
    result.push_back({x.track_names[votes.tracks[i]], 0, 0, 0, predicted[i], slice(votes.probabilities, i, width)});
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    judged& track = result[x.tracks[i]]; // tracks count from 0, and all have rows
    ++track.rows;
    track.right += chunks[i].right;
    track.truth = chunks[i].truth;
  }
  return result;
}

std::string confusion_section(const run_report& x, const judged_rows& tested) {
  if (tested.truth.empty())
    return "";
  const std::string heading = "What was taken for what";
  if (tested.labels.size() > most_labels)
    return section(heading, "",
                   paragraph(fmt::format("With {} classes the confusion matrix does not fit a page; "
                                         "metrics.json has it.",
                                         tested.labels.size())));
  std::string content = leaky(x) ? badge("LEAKY") : "";
  if (!tested.tracks.empty())
    content += matrices(tested.labels, judged_tracks(tested), "track");
  content += matrices(tested.labels, judged_chunks(tested), tested.tracks.empty() ? "row" : "chunk");
  return section(
      heading,
      "The test part; rows are the truth, columns the model's answer. Rest the pointer on a cell, or tap it, "
      "to see the tracks behind it.",
      content);
}

std::string mistakes_section(const run_report& x, const judged_rows& tested) {
  if (tested.truth.empty())
    return "";
  std::vector<judged> all = judged_tracks(tested);
  const std::size_t size = all.size();
  const bool by_track = !tested.tracks.empty();
  std::erase_if(all, [](const judged& j) { return j.truth == j.predicted; });
  std::stable_sort(all.begin(), all.end(), [](const judged& a, const judged& b) {
    return a.probabilities[a.predicted] > b.probabilities[b.predicted];
  });
  table_rows rows{{by_track ? "track" : "row", "truth", "taken for", "likeliest three", "p of the truth"}};
  if (by_track)
    rows.front().emplace_back("chunks right");
  for (std::size_t i = 0; i < std::min(most_listed, all.size()); ++i) {
    const judged& j = all[i];
    rows.push_back({j.name, tested.labels[j.truth], tested.labels[j.predicted], likeliest(j, tested.labels),
                    fmt::format("{:.2f}", j.probabilities[j.truth])});
    if (by_track)
      rows.back().push_back(fmt::format("{} of {}", j.right, j.rows));
  }
  std::string note = fmt::format("{} of {} that were tested; the surest mistakes first. Probabilities are {}.",
                                 all.size(), counted(static_cast<double>(size), by_track ? "track" : "row"),
                                 by_track ? "means over the track's chunks" : "the model's");
  if (all.size() > most_listed)
    note += fmt::format(" The first {} of them; predictions.csv has all.", most_listed);
  return section("Misclassified", note,
                 (leaky(x) ? badge("LEAKY") : "") + (all.empty() ? paragraph("None.") : scrolling(table(rows, 4))));
}

} // namespace fugato
