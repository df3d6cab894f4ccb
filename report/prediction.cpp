// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction.hpp"

#include "audio/chunks.hpp"
#include "config/printable.hpp"
#include "models/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace fugato {
namespace {

constexpr std::size_t places = 3;

std::vector<double> widened(std::span<const float> probabilities) {
  return {probabilities.begin(), probabilities.end()};
}

/// Indices of labels, the likeliest first; of equals the first.
std::vector<std::size_t> ranking(const std::vector<double>& probabilities) {
  std::vector<std::size_t> result(probabilities.size());
  std::iota(result.begin(), result.end(), std::size_t{0});
  std::stable_sort(result.begin(), result.end(),
                   [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  return result;
}

void add_to_timeline(std::vector<label_run>& timeline, const std::string& label, double from, double to) {
  if (timeline.empty() || timeline.back().label != label)
    timeline.push_back({label, 0, from, 0});
  ++timeline.back().chunks;
  timeline.back().to_seconds = to;
}

} // namespace

void describe(visitor& v, label_probability& x) {
  v("label", x.label, anything{}, "a genre");
  v("probability", x.probability, anything{}, "mean over the chunks");
}

void describe(visitor& v, label_run& x) {
  v("label", x.label, anything{}, "the likeliest of these chunks");
  v("chunks", x.chunks, anything{}, "one after the other");
  v("from_seconds", x.from_seconds, anything{}, "where the first begins [s]");
  v("to_seconds", x.to_seconds, anything{}, "where the last ends [s]");
}

void describe(visitor& v, chunk_prediction& x) {
  v("chunk", x.chunk, anything{}, "counted from 0");
  v("label", x.label, anything{}, "the likeliest");
  v("probabilities", x.probabilities, anything{}, "in the order of labels");
}

void describe(visitor& v, track_prediction& x) {
  std::string path = printable_name(x.path);
  v("track", x.track, anything{}, "file name");
  v("path", path, anything{}, "of the file");
  v("label", x.label, anything{}, "the likeliest");
  v("unsure", x.unsure, anything{}, "whether its probability is below the threshold");
  v("top", x.top, "the likeliest labels");
  v("agreement", x.agreement, anything{}, "share of the chunks whose likeliest label is the track's");
  v("timeline", x.timeline, "the chunks' likeliest labels over time");
  v("seconds", x.seconds, anything{}, "length of the audio [s]");
  v("probabilities", x.probabilities, anything{}, "mean over the chunks, in the order of labels");
  v("chunks", x.chunks, "one by one, where asked for");
}

void describe(visitor& v, failed_prediction& x) {
  std::string path = printable_name(x.path);
  v("track", x.track, anything{}, "file name");
  v("path", path, anything{}, "of the file");
  v("reason", x.reason, anything{}, "code");
  v("sentence", x.sentence, anything{}, "what must hold and what was found");
}

double chunk_distance(const audio_settings& audio, const chunking_settings& chunking) {
  constexpr std::size_t two_hours = 7200;
  const std::vector<chunk> chunks = cut(two_hours * audio.rate, audio.rate, chunking);
  return chunks.size() < 2 ? static_cast<double>(two_hours) : static_cast<double>(chunks[1].first) / audio.rate;
}

track_prediction predicted(const track& source, std::span<const float> probabilities, double seconds,
                           const prediction_rules& rules) {
  const std::size_t classes = rules.labels.size();
  const std::size_t rows = probabilities.size() / classes;
  const std::vector<std::uint32_t> one_track(rows, 0);
  track_prediction result;
  result.track = source.name;
  result.path = source.path;
  result.seconds = seconds;
  result.probabilities = widened(track_probabilities(one_track, probabilities, classes).probabilities);
  const std::vector<std::size_t> order = ranking(result.probabilities);
  for (std::size_t i = 0; i < std::min(places, classes); ++i)
    result.top.push_back({rules.labels[order[i]], result.probabilities[order[i]]});
  result.label = result.top.front().label;
  result.unsure = result.top.front().probability < rules.threshold;
  std::size_t agreeing = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::vector<double> own = widened(probabilities.subspan(i * classes, classes));
    const std::string& label = rules.labels[ranking(own).front()];
    agreeing += label == result.label ? 1 : 0;
    const double from = static_cast<double>(i) * rules.chunk_seconds;
    add_to_timeline(result.timeline, label, from, std::min(from + rules.chunk_seconds, std::max(from, seconds)));
    result.chunks.push_back({static_cast<std::uint32_t>(i), label, own});
  }
  result.agreement = static_cast<double>(agreeing) / static_cast<double>(rows);
  return result;
}

failed_prediction not_predicted(const track& source, errc reason, const std::string& sentence) {
  return {source.name, source.path, std::string(kind_of(reason).name), printable(sentence)};
}

std::string timeline_text(const track_prediction& x, std::size_t most) {
  std::string result;
  for (const label_run& run : x.timeline) {
    const std::string piece = fmt::format("{}{} {}", result.empty() ? "" : ", ", run.chunks, run.label);
    if (piece.size() > most - std::min(most, result.size()))
      return result + ", ...";
    result += piece;
  }
  return result;
}

} // namespace fugato
