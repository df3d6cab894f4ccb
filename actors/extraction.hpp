// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fugato {

/// What the stages of a line note about a track on its way. Whole numbers only:
/// they add up the same in any order.
struct track_notes {
  std::uint64_t file_bytes = 0;
  std::uint64_t audio_microseconds = 0;  ///< of audio in the file
  std::uint64_t read_nanoseconds = 0;    ///< CPU: read, decode, resample
  std::uint64_t extract_nanoseconds = 0; ///< CPU: features
  std::uint64_t busy_microseconds = 0;   ///< by the clock, in its line
  std::uint32_t short_chunks = 0;        ///< fewer than 9 frames: their deltas are 0
  std::uint32_t damaged = 0;             ///< 1: only the part before the damage was used
  std::uint32_t cached = 0;              ///< 1: the rows come from the feature cache
  std::uint32_t cache_stored = 0;        ///< 1: the rows went there
  std::uint32_t cache_damaged = 0;       ///< 1: what was there could not be used
  std::uint32_t cache_failed = 0;        ///< 1: the rows could not be put there

  track_notes& operator+=(const track_notes& x);
};

/// How far an extraction has got.
struct progress {
  std::uint32_t tracks = 0; ///< in all
  std::uint32_t done = 0;
  std::uint32_t failed = 0;
  std::uint64_t audio_microseconds = 0; ///< of the tracks done
};

/// When a line worked on a task.
struct span {
  std::uint32_t line = 0;
  std::uint32_t process = 0;
  std::uint32_t task = 0;
  std::uint64_t start_us = 0; ///< since the work began
  std::uint64_t duration_us = 0;
};

/// A trace of more tasks than this would fill the leader's memory, and no viewer opens it.
constexpr std::size_t most_spans = 4096;

/// A worker that tries again and again must not fill the leader's memory either.
constexpr std::size_t most_dropped = 100;

/// What became of the dispatching.
struct dispatch_notes {
  std::vector<std::uint32_t> tracks_per_line;
  std::vector<span> spans;   ///< of the first tasks that came back, at most `most_spans`
  std::uint32_t retries = 0; ///< tracks handed out again
  std::uint32_t doubled = 0; ///< stragglers handed out twice
  std::uint32_t late = 0;    ///< answers that came too late to count
  std::uint32_t lines_lost = 0;
  std::uint32_t overdue = 0;               ///< lines lost because they missed a deadline
  std::uint32_t silent = 0;                ///< lines lost though their process lived: stopped, or cut off
  std::uint32_t left = 0;                  ///< lines that left in good order
  std::uint32_t rejoined = 0;              ///< workers that came back after they had lost their leader
  std::uint32_t unfit = 0;                 ///< workers of another build or with other settings
  std::uint64_t waited_us = 0;             ///< without any line
  std::vector<std::string> dropped;        ///< workers that were refused or dropped, and why; at most `most_dropped`
  std::uint64_t refused = 0;               ///< connections at the gate
  std::uint64_t startup_us = 0;            ///< by the clock, until every line that was asked for was ready
  std::uint64_t startup_cpu_ns = 0;        ///< of workers
  std::uint64_t startup_leader_cpu_ns = 0; ///< of the leader's process until then
  std::uint64_t worker_cpu_ns = 0;         ///< of started processes, their start-up left out
  std::uint64_t worker_rss_bytes = 0;      ///< peak, summed over started processes
  std::vector<std::string> isas;           ///< instruction sets that lines computed by, each once
  std::uint64_t messages = 0;
  std::uint64_t wire_bytes = 0; ///< payload of messages that left a process
};

/// A task that could not be done, and why.
struct task_failure {
  std::uint32_t task = 0;
  errc reason = errc::internal;
  std::string sentence;
};

/// A task that was done, but whose result is doubtful.
struct task_warning {
  std::uint32_t task = 0;
  std::string sentence;
};

/// What became of tasks that were handed out.
struct dispatched {
  std::vector<task_failure> failures;   ///< in the order of the tasks
  std::vector<task_warning> warnings;   ///< the same
  std::vector<std::uint32_t> withdrawn; ///< were not begun, or not waited for
  bool starved = false;                 ///< because no worker was there for too long
  track_notes totals;
  dispatch_notes notes;
};

/// What became of one track.
struct track_outcome {
  std::uint32_t track = 0;
  std::vector<float> rows;      ///< row-major, chunk 0 first; empty: it failed
  errc reason = errc::internal; ///< of a failure
  std::string sentence;         ///< what went wrong; with rows a warning, or empty
  std::uint64_t audio_microseconds = 0;
};

class row_store;

/// What an extraction yields.
struct extraction {
  std::shared_ptr<const row_store> rows; ///< the table, wherever it is kept; null where nobody keeps rows
  dataset data;                          ///< the table in memory; empty where it was to be kept elsewhere
  std::vector<failure> failures;         ///< in the order of the corpus
  std::vector<std::uint32_t> withdrawn;  ///< tracks that were not measured because the run was to stop
  bool starved = false;                  ///< or because no worker was there for too long
  std::uint32_t resumed = 0;             ///< tracks that an earlier run had done
  std::vector<warning> warnings;         ///< about tracks that have rows, in the same order
  track_notes totals;
  dispatch_notes dispatch;
};

} // namespace fugato
