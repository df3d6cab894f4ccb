// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/run_folder.hpp"

#include <fmt/format.h>

#include <random>

/// A run as large as one on GTZAN, made up: 1000 tracks of 10 genres in 10 chunks each, 300 tracks of them tested.
namespace fugato::example {

inline std::vector<float> answer(std::mt19937& dice, std::uint32_t truth, std::size_t classes) {
  std::vector<float> result(classes);
  float sum = 0;
  for (std::size_t k = 0; k < classes; ++k)
    sum += result[k] = static_cast<float>(dice() % 1000) / 1000 + (k == truth ? 0.4F : 0.0F);
  for (float& p : result)
    p /= sum;
  return result;
}

inline run_folder large_run(bool leaky = false) {
  const std::vector<std::string> genres{"blues", "classical", "country", "disco",  "hiphop",
                                        "jazz",  "metal",     "pop",     "reggae", "rock"};
  constexpr std::uint32_t chunks = 10;
  std::mt19937 dice{42};
  run_folder x;
  judged_rows& t = x.tested;
  t.labels = genres;
  for (std::uint32_t track = 0; track < 300; ++track) {
    t.track_names.push_back(fmt::format("{}.{:05}.wav", genres[track % 10], track));
    for (std::uint32_t c = 0; c < chunks; ++c) {
      t.tracks.push_back(track);
      t.numbers.push_back(track * chunks + c);
      t.truth.push_back(track % 10);
      const auto p = answer(dice, track % 10, genres.size());
      t.probabilities.insert(t.probabilities.end(), p.begin(), p.end());
    }
  }
  const track_votes votes = track_probabilities(t.tracks, t.probabilities, genres.size());
  std::vector<std::uint32_t> truth;
  for (const std::uint32_t track : votes.tracks)
    truth.push_back(track % 10);

  run_report& r = x.report;
  r.fugato = "9.9";
  r.started = "2026-01-02T03:04:05Z";
  r.corpus = {"/data/<gtzan>", 1000, genres, true};
  r.host = {"host", "a processor", 2, {0.5, 0.4, 0.3}};
  r.dispatch.policy = "threads";
  r.dispatch.lines = 2;
  r.dispatch.tracks_per_line = {501, 499};
  r.extraction.tracks = 999;
  r.extraction.failed = 1;
  r.extraction.rows = 9990;
  r.extraction.columns = 87;
  r.extraction.tracks_per_second = 99;
  r.failures = {{"not-audio", 1}};
  r.warnings = {{"blues.00001.wav", "blues.00001.wav: only the part before the damage was used"}};
  r.training.model = "xgboost";
  r.training.split = leaky ? "random-chunk" : "grouped-track";
  r.training.leaky = leaky;
  r.training.importance_kind = "By some measure.";
  for (int i = 0; i < 87; ++i)
    r.training.importance.push_back({fmt::format("mfcc{}_mean", i), 1.0 / (3 + i)});
  r.evaluations = {{"test", "chunk", leaky, evaluate(t.truth, t.probabilities, genres, t.tracks)},
                   {"test", "track", leaky, evaluate(truth, votes.probabilities, genres)}};
  r.add_phase("extract", {10.5, 20.25});
  r.add_phase("train", {6.5, 8.25});
  x.failures = {{"jazz/jazz.00054.wav", "not-audio", "jazz.00054.wav: must be audio & <more>"}};
  x.origin.command = "fugato run 'a b.json'";
  x.origin.table_sha256 = std::string(64, 'a');
  x.origin.config_sha256 = std::string(64, 'b');
  x.origin.versions = {{"caf", "0.17.6"}};
  for (std::uint32_t i = 0; i < 1000; ++i)
    x.stream.push_back({fmt::format("{}.{:05}.wav", genres[i % 10], i), "track", 10000ULL * (i / 2), 9900, 7, i % 2});
  return x;
}

/// Two models by a leaky and an honest split.
inline leaderboard small_board() {
  const auto row = [](const char* model, double leaky, double honest) {
    leaderboard_row result{model, {}, 0.887};
    for (const double accuracy : {leaky, honest}) {
      trial_summary s;
      s.model = model;
      s.trials = 2;
      s.accuracy = {accuracy, 0.01, 2};
      s.track_accuracy = s.accuracy;
      result.splits.push_back(s);
    }
    return result;
  };
  return {1, {"random-chunk", "grouped-track"}, {row("xgboost", 0.79, 0.55), row("knn", 0.64, 0.49)}, {"a problem"}};
}

/// A grid of boosting rounds and learning rates; the last one does best.
inline tuning_report small_search() {
  tuning_report x;
  x.model = "xgboost";
  x.search.folds = 2;
  std::vector<search_cell> cells;
  std::vector<std::optional<trial_result>> results;
  for (const char* rounds : {"5", "10"})
    for (const char* rate : {"0.01", "0.1"}) {
      cells.push_back({{{"n_estimators", rounds}, {"learning_rate", rate}}, "{}"});
      for (int fold = 0; fold < 2; ++fold) {
        trial_result t;
        t.test_chunks = {100, 0.5 + 0.02 * static_cast<double>(results.size()), {}, 0.5, 0, 1, 0};
        results.emplace_back(t);
      }
    }
  x.trials = static_cast<std::uint32_t>(results.size());
  x.cells = tuning_cells(cells, x.search, results);
  return x;
}

} // namespace fugato::example
