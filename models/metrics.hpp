// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/dataset.hpp"
#include "models/uncertainty.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// How well one class is recognised; 0 where a quotient would be 0 / 0.
struct class_score {
  std::string label;
  double precision = 0;        ///< share of the rows predicted as this class that are of it
  double recall = 0;           ///< share of the rows of this class that are predicted as it
  double f1 = 0;               ///< harmonic mean of both
  std::uint64_t support = 0;   ///< rows of this class
  std::uint64_t predicted = 0; ///< rows predicted as it
};

/// Means of the scores over classes.
struct mean_score {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// What the rows of one class were predicted as.
struct confusion_row {
  std::string label;
  std::vector<std::uint32_t> counts; ///< per predicted class
};

/// A model's answers compared with the truth, as by sklearn.metrics with
/// zero_division = 0.
struct evaluation {
  std::uint64_t rows = 0;
  double accuracy = 0;
  interval accuracy_interval; ///< 95 %, by bootstrap over tracks
  mean_score macro;           ///< plain mean over the classes that occur in truth or prediction
  mean_score weighted;        ///< mean weighted by support
  double log_loss = 0;        ///< mean of -ln p(truth); p is kept from 0 and 1 by float32's epsilon
  double top3 = 0;            ///< share of rows whose class is among the three most likely
  std::vector<class_score> classes;
  std::vector<confusion_row> confusion; ///< a row is a true class
};

void describe(visitor& v, class_score& x);
void describe(visitor& v, mean_score& x);
void describe(visitor& v, confusion_row& x);
void describe(visitor& v, evaluation& x);

/// The likeliest class of each row; the lowest of equals.
std::vector<std::uint32_t> predicted_classes(std::span<const float> probabilities, std::size_t classes);

/// @param truth a class per row
/// @param probabilities rows x labels.size(), row by row
/// @param tracks of each row, which the bootstrap keeps together; empty: each row stands for itself
evaluation evaluate(std::span<const std::uint32_t> truth, std::span<const float> probabilities,
                    const std::vector<std::string>& labels, std::span<const std::uint32_t> tracks = {});

/// The text of sklearn.metrics.classification_report(digits=digits).
std::string classification_report(const evaluation& x, unsigned digits = 4);

/// The class of each track of a labelled table; of tracks without a row, 0.
/// @throws error(bad_table) when rows of one track have different labels.
std::vector<std::uint32_t> track_labels(const dataset& table);

/// Chunks' probabilities brought together by track.
struct track_votes {
  std::vector<std::uint32_t> tracks; ///< those that have rows, ascending
  std::vector<float> probabilities;  ///< tracks x classes: the mean over the track's rows
};

/// @param tracks of each row
/// @param probabilities rows x classes, row by row
track_votes track_probabilities(std::span<const std::uint32_t> tracks, std::span<const float> probabilities,
                                std::size_t classes);

} // namespace fugato
