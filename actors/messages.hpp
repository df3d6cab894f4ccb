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
#include <string>
#include <vector>

/// What the actors say to each other: values, or shared pointers to const.
namespace fugato {

// -- inside a line: audio never leaves its process ------------------------------

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
  std::vector<float> values; ///< row-major, chunk 0 first
  track_notes notes;
  std::string warning; ///< a sentence, or empty
};

// -- between coordinator, lines and aggregator: these may cross processes ---------

/// Tracks handed out together, under a lease.
struct parcel {
  std::uint64_t lease = 0;
  std::vector<track> tracks;
};

/// Floats that cross processes as bytes: CAF 0.17 loops for ever at infinity
/// and turns NaN into 1 when it packs floats itself.
struct raw_floats {
  std::vector<float> values;
};

/// How a track fared: its rows, or why there are none.
struct measured {
  std::uint32_t track = 0;
  raw_floats rows;
  std::string reason;   ///< name of an error_kind; empty when all is well
  std::string sentence; ///< what went wrong; with rows a warning, or empty
  track_notes notes;
};

struct parcel_rows {
  std::uint64_t lease = 0;
  std::vector<measured> tracks;
};

/// What the coordinator learns when a parcel has reached the aggregator: as
/// `parcel_rows`, without the rows.
struct receipt {
  std::uint64_t lease = 0;
  std::uint64_t bytes = 0; ///< of the rows
  std::vector<measured> tracks;
};

/// A worker process introduces itself.
struct hello {
  std::uint32_t protocol = 0;
  std::string build;
  std::uint32_t process = 0;             ///< its id, for errors and traces
  std::uint64_t startup_nanoseconds = 0; ///< CPU that it took to come this far
};

/// Bumped whenever a message changes.
constexpr std::uint32_t protocol_version = 1;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, track& x) {
  return f(caf::meta::type_name("fugato::track"), x.id, x.path, x.name, x.label);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, track_notes& x) {
  return f(caf::meta::type_name("fugato::track_notes"), x.file_bytes, x.audio_microseconds, x.read_nanoseconds,
           x.extract_nanoseconds, x.busy_microseconds, x.short_chunks, x.damaged);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel& x) {
  return f(caf::meta::type_name("fugato::parcel"), x.lease, x.tracks);
}

caf::error inspect(caf::serializer& out, raw_floats& x);
caf::error inspect(caf::deserializer& in, raw_floats& x);
std::string to_string(const raw_floats& x);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, measured& x) {
  return f(caf::meta::type_name("fugato::measured"), x.track, x.rows, x.reason, x.sentence, x.notes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel_rows& x) {
  return f(caf::meta::type_name("fugato::parcel_rows"), x.lease, x.tracks);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, receipt& x) {
  return f(caf::meta::type_name("fugato::receipt"), x.lease, x.bytes, x.tracks);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("fugato::hello"), x.protocol, x.build, x.process, x.startup_nanoseconds);
}

// -- between session, coordinator and trainer: within the leader ------------------

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

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::loaded_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::chunked_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::track_rows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::dataset_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::extraction_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_ptr)
