// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"
#include "config/describe.hpp"
#include "models/dataset.hpp"
#include "models/trained.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What `fugato predict` tells.
namespace fugato {

struct chunk_prediction {
  std::uint32_t chunk = 0;
  std::string label;                 ///< the likeliest
  std::vector<double> probabilities; ///< in the order of prediction_report::labels
};

struct track_prediction {
  std::string track;
  std::string label;
  std::vector<double> probabilities; ///< mean over the chunks
  std::vector<chunk_prediction> chunks;
};

struct failed_prediction {
  std::string path;
  std::string reason;
  std::string sentence;
};

struct prediction_report {
  std::string model;
  std::vector<std::string> labels;
  std::vector<track_prediction> tracks;
  std::vector<failed_prediction> failures;
};

void describe(visitor& v, chunk_prediction& x);
void describe(visitor& v, track_prediction& x);
void describe(visitor& v, failed_prediction& x);
void describe(visitor& v, prediction_report& x);

/// @throws error(bad_table), error(bad_model) when the rows do not fit the model.
prediction_report predictions(const trained_model& model, const dataset& table, std::span<const failure> failures,
                              unsigned threads);

/// A table: a line per track (chunk `*`) and per chunk, a column per genre.
std::string prediction_text(const prediction_report& x);

} // namespace fugato
