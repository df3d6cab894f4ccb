// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "actors/settings.hpp"
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "models/training.hpp"

#include <caf/all.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// What the actors say to each other: values, or shared pointers to const.
namespace fugato {

struct loaded_track {
  track source;
  std::shared_ptr<const clip> audio;
  track_notes notes;
};

struct chunked_track {
  track source;
  std::shared_ptr<const clip> audio; ///< shared, never copied
  std::vector<chunk> chunks;
  track_notes notes;
};

/// The features of one track, one row per chunk.
struct track_rows {
  track source;
  std::vector<float> values; ///< row-major, chunk 0 first
  track_notes notes;
};

/// What the coordinator learns when a track has reached the aggregator.
struct receipt {
  std::uint32_t track = 0;
  track_notes notes;
};

struct training_job {
  std::shared_ptr<const dataset> data;
  train_settings how;
  model_settings models;
  std::optional<line_settings> origin; ///< how the table was made, when from audio
};

using dataset_ptr = std::shared_ptr<const dataset>;
using extraction_ptr = std::shared_ptr<const extraction>;
using training_ptr = std::shared_ptr<const training_result>;

} // namespace fugato

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::loaded_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::chunked_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::track_rows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::dataset_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::extraction_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_ptr)
