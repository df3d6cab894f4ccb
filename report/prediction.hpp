// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/settings.hpp"
#include "audio/track.hpp"
#include "config/describe.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What a model says of music, track by track.
namespace fugato {

struct label_probability {
  std::string label;
  double probability = 0;
};

/// Neighbouring chunks with the same likeliest label.
struct label_run {
  std::string label;
  std::uint32_t chunks = 0;
  double from_seconds = 0; ///< [s]
  double to_seconds = 0;   ///< [s]
};

struct chunk_prediction {
  std::uint32_t chunk = 0;
  std::string label;                 ///< the likeliest
  std::vector<double> probabilities; ///< in the order of the model's labels
};

struct track_prediction {
  std::string track;
  std::string path; ///< as found, to be shown by `printable` only
  std::string label;
  bool unsure = false;
  std::vector<label_probability> top; ///< at most three, the likeliest first
  double agreement = 0;               ///< share of the chunks whose likeliest label is the track's
  std::vector<label_run> timeline;
  double seconds = 0;                ///< length of the audio [s]
  std::vector<double> probabilities; ///< mean over the chunks, in the order of the model's labels
  std::vector<chunk_prediction> chunks;
};

struct failed_prediction {
  std::string track;
  std::string path; ///< as found
  std::string reason;
  std::string sentence;
};

void describe(visitor& v, label_probability& x);
void describe(visitor& v, label_run& x);
void describe(visitor& v, chunk_prediction& x);
void describe(visitor& v, track_prediction& x);
void describe(visitor& v, failed_prediction& x);

/// How answers are read.
struct prediction_rules {
  std::vector<std::string> labels; ///< that the model knows
  double threshold = 0.5;          ///< below this probability of the likeliest label a track is unsure
  double chunk_seconds = 0;        ///< from one chunk's begin to the next one's [s]
};

/// From one chunk's begin to the next one's [s].
double chunk_distance(const audio_settings& audio, const chunking_settings& chunking);

/// @param probabilities chunks x labels, row by row; at least one row
track_prediction predicted(const track& source, std::span<const float> probabilities, double seconds,
                           const prediction_rules& rules);

failed_prediction not_predicted(const track& source, errc reason, const std::string& sentence);

/// "9 jazz, 1 rock": the timeline as a text; cut after about so many bytes.
std::string timeline_text(const track_prediction& x, std::size_t most = std::string::npos);

} // namespace fugato
