// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "report/comparison_stage.hpp"
#include "report/results.hpp"
#include "report/trace.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Schedulers measured against each other, at one stage of the work (see comparison_stages). A *cell* is a
/// policy with a worker count; each of its repetitions is one run in a process of its own.
/// `comparison.json` is the struct `comparison`. Where a field means the same as
/// one of hyperfine's export ("results", "command", "mean", "stddev", "median",
/// "user", "system", "min", "max", "times") or of Google Benchmark's context
/// ("date", "host_name", "num_cpus", "load_avg", "library_build_type"), it has
/// that name. A number that does not exist is null, and the field of the same name
/// with `_reason` appended says why.
namespace fugato {

/// A number that may not exist.
inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// What one run cost.
struct repetition {
  double wall_seconds = 0; ///< the whole process, from its start to its end
  double user_seconds = 0; ///< CPU, of the process and the workers that it started
  double system_seconds = 0;
  double startup_wall_seconds = 0; ///< until every line was ready
  double startup_cpu_seconds = 0;
  double work_wall_seconds = 0;   ///< from the first track's start to the last one's end; of learning
  double compute_cpu_seconds = 0; ///< reading and measuring; learning
  std::uint64_t leader_peak_rss_bytes = 0;
  std::uint64_t worker_peak_rss_bytes = 0; ///< summed over the workers that it started
  std::uint64_t wire_bytes = 0;
  std::uint64_t messages = 0;
  std::uint32_t retries = 0;
  std::vector<std::uint32_t> tracks_per_line;

  double cpu_seconds() const { return user_seconds + system_seconds; }
};

/// CPU and memory of a run's processes over its time.
struct usage_samples {
  std::vector<double> seconds; ///< since the run began, at the end of each interval
  std::vector<double> cores;   ///< CPU seconds per second in it
  std::vector<double> rss_bytes;
};

/// What was to be done and came out; the same in all cells, else they cannot be compared.
struct workload {
  std::uint32_t tracks = 0; ///< that yielded rows
  std::uint32_t failed = 0;
  std::uint64_t rows = 0;
  std::uint32_t columns = 0;
  std::uint64_t file_bytes = 0;
  std::string corpus_sha256; ///< of the listing, or of the table that is learnt from
  std::string output_sha256; ///< of the table, or of the model's files
  std::string model = {};    ///< what is learnt; empty where nothing is
  std::string split = {};
  std::uint64_t train_rows = 0;
  std::uint64_t test_rows = 0;
  double accuracy = no_number; ///< by chunk, of the test rows
};

/// A run as it was measured.
struct measurement {
  repetition cost;
  workload work;
  usage_samples usage;
  std::vector<trace_event> trace; ///< start_us counts from the run's start
};

struct measured_cell {
  std::string policy;
  std::uint32_t workers = 1;
  std::string command; ///< of each of its runs
  std::vector<measurement> runs;
  std::string alike = {}; ///< cells that have this in common must have equal output, to the byte

  std::string name() const { return policy + "/" + std::to_string(workers); }
};

/// Where the time of a cell's cores went, in parts of 1: of `workers` cores, or of
/// all where there are fewer.
struct time_shares {
  double startup = 0;  ///< before every line was ready
  double compute = 0;  ///< reading and measuring
  double transfer = 0; ///< any other CPU: messages, copies, loading the program, writing the table
  double idle = 0;
};

/// A cell, summed up.
struct comparison_result {
  std::string name; ///< policy/workers
  std::string policy;
  std::uint32_t workers = 1;
  std::string command;
  double mean = 0, stddev = no_number, median = 0; ///< of `times`
  std::string stddev_reason;
  double user = 0, system = 0; ///< means
  double min = 0, max = 0;
  std::vector<double> times;  ///< wall, per repetition
  double speedup = no_number; ///< median of the baseline over that of this
  std::string speedup_reason;
  double efficiency = no_number; ///< speedup / workers
  std::string efficiency_reason;
  double serial_fraction = no_number; ///< Karp and Flatt 1990: (1/speedup - 1/workers) / (1 - 1/workers)
  std::string serial_fraction_reason;
  bool oversubscribed = false;
  std::string output_sha256;
  bool same_output = true;     ///< as the first cell's, to the byte
  double accuracy = no_number; ///< of the test rows, by chunk
  std::string accuracy_reason;
  double accuracy_difference = no_number; ///< this accuracy less the baseline's
  std::string accuracy_difference_reason;
  bool accuracy_differs = false; ///< by more than the context's tolerance
  time_shares shares;
  std::uint32_t median_repetition = 0; ///< whose trace and samples are shown
  std::vector<repetition> repetitions;
  usage_samples samples;
};

/// T(n) / T(1) = s + (1 - s) / n, fitted to the speed-ups of a policy by least squares.
struct amdahl_fit {
  std::string policy;
  double serial_fraction = no_number; ///< s
  std::string serial_fraction_reason;
};

/// What the course report, whose experiment this repeats, gives for a method; measured on another machine.
struct published_figure {
  std::string policy;
  std::string method;
  double seconds = 0; ///< 50 files
  double speedup = 0; ///< against that report's serial figure of the same table
};

/// A sentence of the analysis.
struct finding {
  std::string topic;
  std::string text;
};

struct comparison_context {
  std::string stage = "extract"; ///< row of the catalog
  std::string date;              ///< UTC, ISO 8601
  std::string host_name;
  std::string cpu_model;
  std::uint32_t num_cpus = 1;       ///< that the program may use
  std::vector<double> load_avg;     ///< 1, 5, 15 minutes, before the first run
  std::vector<double> load_avg_end; ///< after the last
  std::string library_build_type;
  std::string compiler;
  std::string commit;
  std::vector<manifest::library> versions;
  std::string command; ///< as typed
  std::string config;
  std::string config_sha256; ///< of all settings, defaults filled in
  std::string corpus;
  std::string corpus_sha256;
  bool synthetic = false; ///< rendered by `fugato demo-corpus`
  std::uint32_t tracks = 0;
  std::uint32_t failed = 0;
  std::uint64_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t repetitions = 0;
  std::uint32_t warmup = 0;
  std::string model; ///< what is learnt; empty where nothing is
  std::string split;
  std::uint64_t train_rows = 0;
  std::uint64_t test_rows = 0;
  double tolerance = 0; ///< differences of accuracy up to this count as none
};

struct comparison {
  std::string schema = "fugato-comparison-1";
  comparison_context context;
  std::vector<comparison_result> results;
  std::vector<amdahl_fit> amdahl;
  std::vector<published_figure> published;
  std::vector<finding> findings;
};

void describe(visitor& v, repetition& x);
void describe(visitor& v, usage_samples& x);
void describe(visitor& v, time_shares& x);
void describe(visitor& v, comparison_result& x);
void describe(visitor& v, amdahl_fit& x);
void describe(visitor& v, published_figure& x);
void describe(visitor& v, finding& x);
void describe(visitor& v, comparison_context& x);
void describe(visitor& v, comparison& x);

/// @throws error(internal) naming both runs when `other` did not do the work of `first`.
void require_same_work(const std::string& first_name, const workload& first, const std::string& other_name,
                       const workload& other);

/// @throws error(internal) naming both runs when their outputs differ by a byte.
void require_same_output(const std::string& first_name, const workload& first, const std::string& other_name,
                         const workload& other);

/// Statistics, speed-ups, fits and the analysis.
/// @param context all but what the runs tell (tracks, failed, rows, columns, repetitions)
/// @param cells at least one, each with as many runs as the others
/// @throws error(internal) when cells did not do the same work, or had different outputs where these must be alike
comparison compare(comparison_context context, std::span<const measured_cell> cells);

/// The sentences, from the numbers alone.
std::vector<finding> analyse(const comparison& x);

/// The course report's figures.
std::vector<published_figure> published_figures();

/// Why a policy cannot be faster than one worker; empty for one that can.
std::string serial_by_construction(const std::string& policy);

/// For the terminal.
std::string comparison_text(const comparison& x);

/// JSON Schema of comparison.json: that of the description, with null allowed
/// where a `_reason` stands beside, and all fields required.
std::string comparison_schema();

} // namespace fugato
