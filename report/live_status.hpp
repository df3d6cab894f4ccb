// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "report/run_report.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What can be said of work that goes on: `/api/status` is this struct as JSON, `/metrics` some of it for Prometheus.
namespace fugato {

struct live_line {
  std::uint32_t line = 0;
  std::uint32_t process = 0; ///< 0: the leader's own
  std::string state;         ///< "works", "waits", "gone"
  std::uint32_t done = 0;
  std::string task;          ///< the first that it has in hand; empty: none
  std::uint32_t in_hand = 0; ///< tasks, that one included
  double seconds = 0;        ///< since it was handed them
};

/// A task that a line has done.
struct live_box {
  std::uint64_t number = 0; ///< counts up over the run
  std::string name;
  std::uint32_t line = 0;
  double start = 0; ///< since the run began [s]
  double seconds = 0;
};

struct live_failure {
  std::uint64_t number = 0; ///< counts up over the run
  double at = 0;            ///< since the run began [s]
  std::string reason;
  std::string sentence;
};

/// How fast the work went at a time.
struct live_rate {
  std::uint64_t number = 0; ///< counts up over the run
  double at = 0;            ///< since the run began [s]
  double rate = 0;          ///< tasks a second, over the ten seconds before
};

struct live_status {
  std::uint32_t format = 1;
  std::string fugato; ///< version
  std::string command;
  double seconds = 0;       ///< since the run began
  std::string phase;        ///< "waits" between phases, "ended" at last
  std::string unit;         ///< what is counted: "tracks", "steps", "trials"
  double phase_seconds = 0; ///< since the phase began
  std::uint32_t tasks = 0;
  std::uint32_t done = 0;
  std::uint32_t failed = 0;
  std::uint32_t in_hand = 0; ///< of lines
  std::uint32_t waiting = 0; ///< in nobody's hands
  double rate = 0;           ///< tasks a second, over the last ten seconds
  double mean_rate = 0;      ///< over the phase
  double eta_seconds = -1;   ///< -1: not known
  double audio_seconds = 0;
  double x_real_time = 0;
  std::uint32_t retries = 0;
  std::uint32_t doubled = 0;
  std::uint32_t lines_gone = 0;
  std::uint64_t rss_bytes = 0;
  std::uint64_t worker_rss_bytes = 0; ///< of worker processes that this one started
  double cpu_seconds = 0;             ///< of this process
  std::vector<live_line> lines;
  std::vector<live_rate> rates;       ///< newest last
  std::vector<live_box> stream;       ///< newest last
  std::vector<live_failure> failures; ///< newest last
  std::vector<failure_count> reasons; ///< all failures of the phase
};

void describe(visitor& v, live_line& x);
void describe(visitor& v, live_box& x);
void describe(visitor& v, live_failure& x);
void describe(visitor& v, live_rate& x);
void describe(visitor& v, live_status& x);

/// JSON on one line.
std::string live_json(const live_status& x);

/// The Prometheus text format, version 0.0.4.
std::string live_metrics(const live_status& x);

/// The page that shows it: asks its server for `/api/events`.
std::string live_page();

} // namespace fugato
