// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "config/usage.hpp"
#include "models/duplicates.hpp"
#include "models/metrics.hpp"
#include "models/training.hpp"
#include "models/trial_summary.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What a run has to tell. `report.json` is this struct, `report.txt` its prose.
namespace fugato {

struct host_report {
  std::string name;
  std::string cpu;
  std::uint32_t cores = 0;
  std::vector<double> load_average; ///< 1, 5, 15 minutes, at the end of the run
};

struct phase_report {
  std::string name;
  double wall_seconds = 0;
  double cpu_seconds = 0;
};

struct corpus_report {
  std::string path;
  std::uint32_t tracks = 0;
  std::vector<std::string> labels;
  bool synthetic = false; ///< rendered by `fugato demo-corpus`
};

struct dispatch_report {
  std::string policy;
  std::uint32_t lines = 0;
  std::uint32_t credit = 0;
  std::vector<std::uint32_t> tracks_per_line;
  std::vector<std::string> isa; ///< instruction sets that the lines computed by
  std::uint32_t retries = 0;
  std::uint32_t lines_lost = 0;
  std::vector<std::string> dropped; ///< workers that were refused or dropped, and why
  std::uint64_t refused = 0;        ///< connections at the gate
  std::uint32_t doubled = 0;
  std::uint32_t late = 0;
  std::uint32_t overdue = 0;
  std::uint32_t silent = 0;
  std::uint32_t left = 0;
  std::uint32_t rejoined = 0;
  std::uint32_t unfit = 0;
  double no_worker_seconds = 0;
  double startup_wall_seconds = 0;
  double startup_cpu_seconds = 0;          ///< of this process and the workers that it started
  double worker_cpu_seconds = 0;           ///< of the workers that it started, without start-up
  std::uint64_t worker_peak_rss_bytes = 0; ///< sum over the workers that it started
  std::uint64_t messages = 0;              ///< between coordinator, lines and aggregator
  std::uint64_t wire_bytes = 0;            ///< of messages that left a process
};

struct extraction_report {
  std::uint32_t tracks = 0; ///< that yielded rows
  std::uint32_t failed = 0;
  std::uint32_t resumed = 0;
  std::uint64_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t short_chunks = 0;
  std::uint32_t damaged = 0;
  std::uint32_t cached = 0;
  std::uint32_t cache_stored = 0;
  std::uint32_t cache_damaged = 0;
  std::uint32_t cache_failed = 0;
  double audio_seconds = 0;
  std::uint64_t file_bytes = 0;
  double read_cpu_seconds = 0;
  double feature_cpu_seconds = 0;
  double cpu_seconds_per_track = 0;
  double tracks_per_second = 0;
  double x_real_time = 0;
};

struct failure_count {
  std::string reason;
  std::uint32_t tracks = 0;
};

/// A track whose rows are doubtful.
struct warning_report {
  std::string track;
  std::string sentence;
};

/// How much a model goes by a column.
struct column_weight {
  std::string column;
  double weight = 0;
};

struct training_report {
  std::string problem; ///< why nothing was trained; else empty
  std::string model;
  std::string split;
  std::string plan; ///< what the split draws: "test size 0.3 and seed 42"
  bool leaky = false;
  std::uint64_t seed = 0;
  std::vector<std::string> notes; ///< about the split: what was left out
  std::uint64_t train_rows = 0, test_rows = 0;
  std::uint64_t train_tracks = 0, test_tracks = 0;
  double fit_wall_seconds = 0, fit_cpu_seconds = 0;
  rank_costs ranks;
  std::string importance_kind;           ///< what the weights of the columns are; empty: there are none
  std::vector<column_weight> importance; ///< heaviest first
};

/// How well a model does on a part of the rows.
struct evaluation_report {
  std::string part;  ///< "train", "test"
  std::string level; ///< "chunk", "track"
  bool leaky = false;
  evaluation scores;
};

/// How well the model does over all splits of a plan, when there are several.
struct repeated_report {
  trial_summary summary;            ///< trials = 0: a single split
  std::vector<trial_result> splits; ///< the first is the saved model's
};

struct run_report {
  std::uint32_t format = 1;
  std::string fugato;  ///< version
  std::string command; ///< as typed
  std::string started; ///< UTC, ISO 8601
  host_report host;
  corpus_report corpus;
  dispatch_report dispatch;
  std::vector<phase_report> phases;
  extraction_report extraction;
  std::vector<failure_count> failures;
  std::vector<warning_report> warnings;
  training_report training;
  std::vector<evaluation_report> evaluations; ///< of the first split, the saved model's
  repeated_report repeated;
  duplicate_report duplicates;
  std::uint64_t peak_rss_bytes = 0;

  void add_phase(const std::string& name, const cost& spent);
};

void describe(visitor& v, host_report& x);
void describe(visitor& v, phase_report& x);
void describe(visitor& v, corpus_report& x);
void describe(visitor& v, dispatch_report& x);
void describe(visitor& v, extraction_report& x);
void describe(visitor& v, failure_count& x);
void describe(visitor& v, warning_report& x);
void describe(visitor& v, column_weight& x);
void describe(visitor& v, training_report& x);
void describe(visitor& v, evaluation_report& x);
void describe(visitor& v, repeated_report& x);
void describe(visitor& v, run_report& x);

/// The part of the report that judges the model: `metrics.json`.
struct metrics_report {
  std::string model;
  std::string split;
  bool leaky = false;
  std::vector<evaluation_report> evaluations;
  repeated_report repeated;
};

void describe(visitor& v, metrics_report& x);

/// For people: what was done, how fast, how well.
std::string report_text(const run_report& x);

} // namespace fugato
