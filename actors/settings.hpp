// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/compare_settings.hpp"
#include "audio/settings.hpp"
#include "config/describe.hpp"
#include "features/settings.hpp"
#include "models/search.hpp"
#include "models/settings.hpp"

#include <cstdint>
#include <string>

namespace fugato {

/// Where the work runs and how it is handed out.
struct dispatch_settings {
  std::string policy = "threads";
  std::uint32_t workers = 0;  ///< 0: as many as cores
  std::uint32_t credit = 2;   ///< tracks in flight per line
  std::uint32_t batch = 4;    ///< tracks per message between processes
  std::uint32_t attempts = 3; ///< at a track whose medium failed
  std::uint32_t crashes = 3;  ///< workers that a track may take with it
  double deadline_seconds = 600;
  double silence_seconds = 10;
  double straggler_seconds = 2;
  double no_worker_seconds = 600;
  std::uint32_t worker_megabytes = 0; ///< address space of a worker process; 0: no limit
  bool ship_audio = false;
  std::uint32_t ship_megabytes = 256;
  std::string listen;    ///< HOST:PORT for workers that join; empty: the run starts its own
  std::string join_file; ///< where the ticket for workers goes
  std::string dashboard; ///< HOST:PORT of the live view; empty: none
  std::string identity;  ///< the leader's, made by `fugato certificates`; empty: a fresh one
};

/// Where rows are kept from run to run.
struct cache_settings {
  std::string folder; ///< empty: nowhere
};

/// What a line has to know.
struct line_settings {
  audio_settings audio;
  chunking_settings chunking;
  feature_settings features;
};

/// A whole run: what `fugato run` reads from its configuration.
struct run_settings {
  std::string corpus;
  line_settings line;
  dispatch_settings dispatch;
  cache_settings cache;
  train_settings train;
  model_settings models;
  search_settings tune;
  compare_settings compare;
};

void describe(visitor& v, dispatch_settings& x);
void describe(visitor& v, cache_settings& x);
void describe(visitor& v, line_settings& x);
void describe(visitor& v, run_settings& x);

/// Whether these settings make sense together, and a chunk fits into memory.
/// @throws error(settings) naming the JSON pointer.
void check(const line_settings& x);

/// `workers`, or the number of cores where that is 0.
std::uint32_t core_budget(const dispatch_settings& settings);

} // namespace fugato
