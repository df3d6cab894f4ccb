// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction.hpp"

#include "config/printable.hpp"
#include "models/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

std::vector<double> row_of(std::span<const float> probabilities, std::size_t row, std::size_t classes) {
  const auto part = probabilities.subspan(row * classes, classes);
  return {part.begin(), part.end()};
}

const std::string& likeliest(const std::vector<std::string>& labels, const std::vector<double>& probabilities) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  return labels[static_cast<std::size_t>(best - probabilities.begin())];
}

/// As wide as the longest name, at most 40.
std::size_t name_width(const prediction_report& x) {
  std::size_t result = 5;
  for (const track_prediction& t : x.tracks)
    result = std::max(result, t.track.size());
  return std::min<std::size_t>(result, 40);
}

} // namespace

void describe(visitor& v, chunk_prediction& x) {
  v("chunk", x.chunk, anything{}, "counted from 0");
  v("label", x.label, anything{}, "the likeliest");
  v("probabilities", x.probabilities, anything{}, "in the order of labels");
}

void describe(visitor& v, track_prediction& x) {
  v("track", x.track, anything{}, "file name");
  v("label", x.label, anything{}, "the likeliest");
  v("probabilities", x.probabilities, anything{}, "mean over the chunks, in the order of labels");
  v("chunks", x.chunks, "one by one");
}

void describe(visitor& v, failed_prediction& x) {
  v("path", x.path, anything{}, "of the file");
  v("reason", x.reason, anything{}, "code");
  v("sentence", x.sentence, anything{}, "what must hold and what was found");
}

void describe(visitor& v, prediction_report& x) {
  v("model", x.model, anything{}, "kind of the model");
  v("labels", x.labels, anything{}, "that the model knows");
  v("tracks", x.tracks, "classified");
  v("failures", x.failures, "files that could not be used");
}

prediction_report predictions(const trained_model& model, const dataset& table, std::span<const failure> failures,
                              unsigned threads) {
  prediction_report result{model.name, model.labels, {}, {}};
  const std::size_t classes = model.labels.size();
  if (table.rows() > 0) {
    const std::vector<float> by_chunk = predict_proba(model, table, threads);
    const track_votes by_track = track_probabilities(table.tracks, by_chunk, classes);
    for (std::size_t i = 0; i < by_track.tracks.size(); ++i) {
      const auto mean = row_of(by_track.probabilities, i, classes);
      result.tracks.push_back({table.track_names[by_track.tracks[i]], likeliest(model.labels, mean), mean, {}});
    }
    // the rows of a track stand together, in the order of by_track
    std::size_t place = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      while (by_track.tracks[place] != table.tracks[row])
        ++place;
      const auto own = row_of(by_chunk, row, classes);
      result.tracks[place].chunks.push_back({table.chunks[row], likeliest(model.labels, own), own});
    }
  }
  for (const failure& x : failures)
    result.failures.push_back(
        {printable_name(x.source.path), std::string(kind_of(x.reason).name), printable(x.sentence)});
  return result;
}

std::string prediction_text(const prediction_report& x) {
  if (x.tracks.empty())
    return "";
  const std::size_t width = name_width(x);
  const auto line = [&](const std::string& track, const std::string& chunk, const std::string& label,
                        const std::vector<double>& probabilities) {
    std::string result = fmt::format("{:<{}} {:>5} {:<12}", track, width, chunk, label);
    for (std::size_t i = 0; i < x.labels.size(); ++i)
      result += fmt::format(" {:>{}.3f}", probabilities[i], std::max<std::size_t>(5, x.labels[i].size()));
    return result + "\n";
  };
  std::string result = fmt::format("{:<{}} {:>5} {:<12}", "track", width, "chunk", "genre");
  for (const std::string& label : x.labels)
    result += fmt::format(" {:>5}", label);
  result += "\n";
  for (const track_prediction& t : x.tracks) {
    result += line(t.track, "*", t.label, t.probabilities);
    for (const chunk_prediction& c : t.chunks)
      result += line(t.track, std::to_string(c.chunk), c.label, c.probabilities);
  }
  return result;
}

} // namespace fugato
