// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "actors/run_history.hpp"
#include "actors/run_journal.hpp"
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

// -- between leader and workers: these may cross processes --------------------------

/// One piece of work: a track's path, or a trial as JSON.
struct task {
  std::uint32_t id = 0;
  std::string what;
};

/// A file's bytes, or why they cannot be had.
struct shipment {
  std::string bytes;
  std::string reason; ///< name of an error_kind; empty when all is well
  std::string sentence;
};

/// Tasks handed out together, under a lease.
struct parcel {
  std::uint64_t lease = 0;
  std::vector<task> tasks;
  std::vector<shipment> files; ///< one per task where audio is shipped, else none
};

/// Floats that cross processes as bytes: CAF 0.17 loops for ever at infinity
/// and turns NaN into 1 when it packs floats itself.
struct raw_floats {
  std::vector<float> values;
};

/// How a task fared: what came of it, or why nothing did.
struct measured {
  std::uint32_t task = 0;
  raw_floats rows;      ///< of a track, row-major, chunk 0 first
  std::string text;     ///< of a trial: what it found, as JSON
  std::string reason;   ///< name of an error_kind; empty when all is well
  std::string sentence; ///< what went wrong; with results a warning, or empty
  track_notes notes;
  std::string content{}; ///< of a track that has rows: SHA-256 of the file that they were measured of
};

struct parcel_rows {
  std::uint64_t lease = 0;
  std::vector<measured> tasks;
};

/// What the coordinator learns when a parcel's results have reached the sink: as
/// `parcel_rows`, without them.
struct receipt {
  std::uint64_t lease = 0;
  std::uint64_t bytes = 0; ///< of the results
  std::vector<measured> tasks;
};

/// A worker process introduces itself, and each of its lines.
struct hello {
  std::uint32_t process = 0;             ///< its id, for errors and traces
  std::uint64_t startup_nanoseconds = 0; ///< CPU that it took to come this far
  std::string settings;                  ///< SHA-256 of the settings as the worker understood them
  std::string host;                      ///< the name of its machine, for people
  std::uint64_t identity = 0;            ///< stays when it comes back after losing its leader; 0: it never will
  std::uint32_t comebacks = 0;           ///< how often it has
  std::string isa;                       ///< instruction set that its lines compute by; empty where none is chosen
};

/// What a worker has to know before its lines can be fed; sent once a process.
struct briefing {
  std::string work;     ///< row of the catalog of works
  std::string settings; ///< JSON: the one form in which they travel
  std::string supply;   ///< bytes that all tasks need, e.g. the table that trials learn from
  std::string cache{};  ///< folder of the feature cache on the leader's machine; empty: none
};

/// What happens on a connection between two ranks, or between a rank and the tracker, as relays tell each other.
enum class piece_kind : std::uint8_t {
  opens, ///< the caller has come through its door
  bytes, ///< were said
  taken, ///< so many bytes more have reached the other party
  ends,  ///< nothing more will be
  gone   ///< the whole relay of `from` is
};

/// Numbers of parties are ranks, and the number of ranks for the tracker.
struct link_piece {
  piece_kind kind = piece_kind::bytes;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t caller = 0; ///< who opened the connection,
  std::uint32_t number = 0; ///< and which of his it is
  std::uint32_t count = 0;  ///< of bytes that were taken
  std::string bytes;
};

/// A rank's relay introduces itself.
struct relay_offer {
  std::uint32_t rank = 0;
  std::vector<std::uint16_t> doors; ///< ports of its machine that lead to the other ranks, and to the tracker
};

/// Bumped whenever a message changes.
constexpr std::uint32_t protocol_version = 8;

// -- inside a line: audio never leaves its process ----------------------------------

/// A task with its file, where that came along.
struct job {
  task todo;
  std::shared_ptr<const shipment> file; ///< null: to be read here
  std::string content{};                ///< SHA-256 of the file, where it was asked for already
};

struct loaded_track {
  std::string path;
  std::shared_ptr<const clip> audio;
  track_notes notes;
  std::string content{}; ///< SHA-256 of the file
};

struct chunked_track {
  std::string path;
  std::shared_ptr<const clip> audio; ///< shared, never copied
  std::vector<chunk> chunks;
  track_notes notes;
  std::string content; ///< SHA-256 of the file
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task& x) {
  return f(caf::meta::type_name("fugato::task"), x.id, x.what);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, shipment& x) {
  return f(caf::meta::type_name("fugato::shipment"), x.bytes, x.reason, x.sentence);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, briefing& x) {
  return f(caf::meta::type_name("fugato::briefing"), x.work, x.settings, x.supply, x.cache);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, track_notes& x) {
  return f(caf::meta::type_name("fugato::track_notes"), x.file_bytes, x.audio_microseconds, x.read_nanoseconds,
           x.extract_nanoseconds, x.busy_microseconds, x.short_chunks, x.damaged, x.cached, x.cache_stored,
           x.cache_damaged, x.cache_failed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel& x) {
  return f(caf::meta::type_name("fugato::parcel"), x.lease, x.tasks, x.files);
}

caf::error inspect(caf::serializer& out, raw_floats& x);
caf::error inspect(caf::deserializer& in, raw_floats& x);
std::string to_string(const raw_floats& x);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, measured& x) {
  return f(caf::meta::type_name("fugato::measured"), x.task, x.rows, x.text, x.reason, x.sentence, x.notes, x.content);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel_rows& x) {
  return f(caf::meta::type_name("fugato::parcel_rows"), x.lease, x.tasks);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, receipt& x) {
  return f(caf::meta::type_name("fugato::receipt"), x.lease, x.bytes, x.tasks);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("fugato::hello"), x.process, x.startup_nanoseconds, x.settings, x.host, x.identity,
           x.comebacks, x.isa);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_piece& x) {
  return f(caf::meta::type_name("fugato::link_piece"), x.kind, x.from, x.to, x.caller, x.number, x.count, x.bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, relay_offer& x) {
  return f(caf::meta::type_name("fugato::relay_offer"), x.rank, x.doors);
}

// -- between session, coordinator and trainer: within the leader ------------------

struct training_job {
  std::shared_ptr<const dataset> data;
  train_settings how;
  model_settings models;
  std::optional<line_settings> origin; ///< how the table was made, when from audio
};

using row_store_ptr = std::shared_ptr<row_store>;
using journal_ptr = std::shared_ptr<run_journal>;
using dataset_ptr = std::shared_ptr<const dataset>;
using dispatch_status_ptr = std::shared_ptr<const dispatch_status>;
using dispatched_ptr = std::shared_ptr<const dispatched>;
using training_ptr = std::shared_ptr<const training_result>;

} // namespace fugato

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::loaded_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::chunked_track)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::dataset_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::dispatch_status_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::dispatched_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fugato::training_ptr)
