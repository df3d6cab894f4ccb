// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace fugato {
namespace {

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

/// -ln p(truth), p clipped and the row normalised as scikit-learn 1.2 does for float32.
double surprise(std::span<const float> row, std::uint32_t truth) {
  constexpr double epsilon = std::numeric_limits<float>::epsilon();
  const auto clipped = [&](float p) { return std::clamp(static_cast<double>(p), epsilon, 1 - epsilon); };
  double sum = 0;
  for (const float p : row)
    sum += clipped(p);
  return -std::log(clipped(row[truth]) / sum);
}

/// How many classes come before the true one; of equals the lower class.
std::size_t rank_of(std::span<const float> row, std::uint32_t truth) {
  std::size_t before = 0;
  for (std::size_t k = 0; k < row.size(); ++k)
    before += row[k] > row[truth] || (row[k] == row[truth] && k < truth) ? 1 : 0;
  return before;
}

void score_classes(evaluation& x) {
  const std::size_t classes = x.classes.size();
  for (std::size_t i = 0; i < classes; ++i)
    for (std::size_t j = 0; j < classes; ++j) {
      x.classes[i].support += x.confusion[i].counts[j];
      x.classes[j].predicted += x.confusion[i].counts[j];
    }
  for (std::size_t i = 0; i < classes; ++i) {
    class_score& score = x.classes[i];
    const double hits = x.confusion[i].counts[i];
    score.precision = ratio(hits, static_cast<double>(score.predicted));
    score.recall = ratio(hits, static_cast<double>(score.support));
    score.f1 = ratio(2 * hits, static_cast<double>(score.predicted + score.support));
    x.accuracy += hits;
  }
  x.accuracy = ratio(x.accuracy, static_cast<double>(x.rows));
}

/// Adds `weight` times the scores of a class.
void add(mean_score& mean, const class_score& score, double weight) {
  mean.precision += weight * score.precision;
  mean.recall += weight * score.recall;
  mean.f1 += weight * score.f1;
}

/// Rows of a track are drawn together.
interval accuracy_interval(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> predicted,
                           std::span<const std::uint32_t> tracks) {
  std::map<std::size_t, std::size_t> numbers;
  std::vector<std::uint32_t> hits;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t track = tracks.empty() ? i : numbers.try_emplace(tracks[i], numbers.size()).first->second;
    hits.resize(std::max(hits.size(), track + 1), 0);
    rows.resize(hits.size(), 0);
    hits[track] += predicted[i] == truth[i] ? 1 : 0;
    ++rows[track];
  }
  return bootstrap_share(hits, rows);
}

bool occurs(const class_score& score) { return score.support + score.predicted > 0; }

void average_classes(evaluation& x) {
  const auto occurring = static_cast<double>(std::count_if(x.classes.begin(), x.classes.end(), occurs));
  for (const class_score& score : x.classes) {
    if (!occurs(score))
      continue;
    add(x.macro, score, 1 / occurring);
    add(x.weighted, score, static_cast<double>(score.support) / static_cast<double>(x.rows));
  }
}

} // namespace

void describe(visitor& v, class_score& x) {
  v("label", x.label, anything{}, "the class");
  v("precision", x.precision, between{0, 1}, "share of the rows predicted as this class that are of it");
  v("recall", x.recall, between{0, 1}, "share of the rows of this class that are predicted as it");
  v("f1", x.f1, between{0, 1}, "harmonic mean of precision and recall");
  v("support", x.support, anything{}, "rows of this class");
  v("predicted", x.predicted, anything{}, "rows predicted as this class");
}

void describe(visitor& v, mean_score& x) {
  v("precision", x.precision, between{0, 1}, "mean precision");
  v("recall", x.recall, between{0, 1}, "mean recall");
  v("f1", x.f1, between{0, 1}, "mean F1");
}

void describe(visitor& v, confusion_row& x) {
  v("label", x.label, anything{}, "the true class");
  v("counts", x.counts, anything{}, "rows predicted as each class, in the order of the classes");
}

void describe(visitor& v, evaluation& x) {
  v("rows", x.rows, anything{}, "how many were predicted");
  v("accuracy", x.accuracy, between{0, 1}, "share of right predictions");
  v("accuracy_interval", x.accuracy_interval, "95 % interval of the accuracy, by bootstrap over tracks");
  v("macro", x.macro, "plain mean over the classes that occur in truth or prediction");
  v("weighted", x.weighted, "mean over the classes, weighted by support");
  v("log_loss", x.log_loss, anything{}, "mean of -ln p(truth) [nat]");
  v("top3", x.top3, between{0, 1}, "share of rows whose class is among the three most likely");
  v("classes", x.classes, "scores of each class");
  v("confusion", x.confusion, "confusion matrix: a row is a true class, a column a predicted one");
}

std::vector<std::uint32_t> predicted_classes(std::span<const float> probabilities, std::size_t classes) {
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < probabilities.size(); i += classes) {
    const auto row = probabilities.subspan(i, classes);
    result.push_back(static_cast<std::uint32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

evaluation evaluate(std::span<const std::uint32_t> truth, std::span<const float> probabilities,
                    const std::vector<std::string>& labels, std::span<const std::uint32_t> tracks) {
  const std::size_t classes = labels.size();
  if (probabilities.size() != truth.size() * classes)
    throw error(errc::internal, fmt::format("{} rows of {} classes need as many probabilities, found {}", truth.size(),
                                            classes, probabilities.size()));
  evaluation result;
  result.rows = truth.size();
  for (const std::string& label : labels) {
    result.classes.push_back({.label = label});
    result.confusion.push_back({label, std::vector<std::uint32_t>(classes, 0)});
  }
  const auto predicted = predicted_classes(probabilities, classes);
  const auto rows = static_cast<double>(std::max<std::size_t>(truth.size(), 1));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = probabilities.subspan(i * classes, classes);
    ++result.confusion[truth[i]].counts[predicted[i]];
    result.log_loss += surprise(row, truth[i]) / rows;
    result.top3 += rank_of(row, truth[i]) < 3 ? 1 : 0;
  }
  result.top3 /= rows;
  result.accuracy_interval = accuracy_interval(truth, predicted, tracks);
  score_classes(result);
  average_classes(result);
  return result;
}

std::string classification_report(const evaluation& x, unsigned digits) {
  constexpr std::string_view longest_heading = "weighted avg";
  std::size_t width = std::max<std::size_t>(longest_heading.size(), digits);
  for (const class_score& score : x.classes)
    if (occurs(score))
      width = std::max(width, score.label.size());
  const auto line = [&](std::string_view heading, double precision, double recall, double f1, std::uint64_t support) {
    return fmt::format("{:>{}}  {:>9.{}f} {:>9.{}f} {:>9.{}f} {:>9}\n", heading, width, precision, digits, recall,
                       digits, f1, digits, support);
  };
  const auto mean_line = [&](std::string_view heading, const mean_score& mean) {
    return line(heading, mean.precision, mean.recall, mean.f1, x.rows);
  };
  std::string text =
      fmt::format("{:>{}}  {:>9} {:>9} {:>9} {:>9}\n\n", "", width, "precision", "recall", "f1-score", "support");
  for (const class_score& score : x.classes)
    if (occurs(score))
      text += line(score.label, score.precision, score.recall, score.f1, score.support);
  text += fmt::format("\n{:>{}}  {:>9} {:>9} {:>9.{}f} {:>9}\n", "accuracy", width, "", "", x.accuracy, digits, x.rows);
  return text + mean_line("macro avg", x.macro) + mean_line("weighted avg", x.weighted);
}

std::vector<std::uint32_t> track_labels(const dataset& table) {
  constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> result(table.track_names.size(), unknown);
  for (std::size_t i = 0; i < table.tracks.size(); ++i) {
    std::uint32_t& label = result[table.tracks[i]];
    if (label != unknown && label != table.labels[i])
      throw error(errc::bad_table,
                  fmt::format("all rows of a track must have the same label, but '{}' has '{}' and '{}'",
                              table.track_names[table.tracks[i]], table.label_names[label],
                              table.label_names[table.labels[i]]));
    label = table.labels[i];
  }
  std::replace(result.begin(), result.end(), unknown, 0U);
  return result;
}

track_votes track_probabilities(std::span<const std::uint32_t> tracks, std::span<const float> probabilities,
                                std::size_t classes) {
  struct votes {
    std::vector<double> sums;
    double rows = 0;
  };
  std::map<std::uint32_t, votes> by_track;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    votes& here = by_track[tracks[i]];
    here.sums.resize(classes, 0.0);
    for (std::size_t k = 0; k < classes; ++k)
      here.sums[k] += static_cast<double>(probabilities[i * classes + k]);
    here.rows += 1;
  }
  track_votes result;
  for (const auto& [track, cast] : by_track) {
    result.tracks.push_back(track);
    for (const double sum : cast.sums)
      result.probabilities.push_back(static_cast<float>(sum / cast.rows));
  }
  return result;
}

} // namespace fugato
