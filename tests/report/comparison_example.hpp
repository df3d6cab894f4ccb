// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// Cells as a machine of two cores could have measured them, made by rule.
namespace fugato::example {

inline comparison_context context() {
  comparison_context x;
  x.date = "2026-01-02T03:04:05Z";
  x.host_name = "desk";
  x.cpu_model = "Example CPU <&>";
  x.num_cpus = 2;
  x.load_avg = {0.1, 0.2, 0.3};
  x.load_avg_end = {1.9, 0.8, 0.5};
  x.library_build_type = "Release";
  x.versions = {{"fugato", "9.9"}, {"caf", "0.17.6"}};
  x.command = "fugato compare x.json";
  x.config = "x.json";
  x.corpus = "music";
  x.warmup = 1;
  return x;
}

inline std::vector<trace_event> trace(std::uint32_t tracks, std::uint32_t lines, double start, double work) {
  const double per_track = work * lines / tracks;
  std::vector<trace_event> result;
  for (std::uint32_t i = 0; i < tracks; ++i) {
    const auto from = static_cast<std::uint64_t>(1e6 * (start + per_track * (i / lines)));
    const auto length = static_cast<std::uint64_t>(0.9e6 * per_track);
    const std::string name = "blues." + std::to_string(i) + ".wav";
    result.push_back({name, "read", from, length / 8, 100 + i % lines, i % lines});
    result.push_back({name, "extract", from + length / 8, length - length / 8, 100 + i % lines, i % lines});
  }
  return result;
}

inline usage_samples usage(double wall, double cores) {
  usage_samples result;
  for (double t = 0.1; t < wall; t += 0.1) {
    result.seconds.push_back(t);
    result.cores.push_back(t < 0.25 ? 0.5 * cores : cores);
    result.rss_bytes.push_back(std::min(1.0, t / 0.5) * 60e6);
  }
  return result;
}

/// A run that takes `wall` seconds, `start` of them to start up.
inline measurement run(double wall, double start, std::uint32_t lines, std::uint32_t cores) {
  measurement x;
  x.cost.wall_seconds = wall;
  x.cost.startup_wall_seconds = start;
  x.cost.startup_cpu_seconds = start / 2;
  x.cost.compute_cpu_seconds = 1.6;
  x.cost.user_seconds = 1.7 + start / 2;
  x.cost.system_seconds = 0.1;
  x.cost.work_wall_seconds = wall - start - 0.05;
  x.cost.leader_peak_rss_bytes = 50'000'000;
  x.cost.worker_peak_rss_bytes = start > 0.1 ? 30'000'000U * lines : 0;
  x.cost.wire_bytes = start > 0.1 ? 123'456 : 0;
  x.cost.messages = 200;
  for (std::uint32_t i = 0; i < lines; ++i)
    x.cost.tracks_per_line.push_back(50 / lines);
  x.work = {50, 0, 500, 87, 66'150'000, std::string(64, 'c'), std::string(64, 'f')};
  x.usage = usage(wall, std::min(lines, cores));
  x.trace = trace(50, lines, start, x.cost.work_wall_seconds);
  return x;
}

/// @param serial part of the work that more workers do not shorten
inline measured_cell cell(const std::string& policy, std::uint32_t workers, double start, double serial) {
  measured_cell result{policy, workers, "fugato extract x.json", {}};
  const double width = std::min(workers, 2U);
  const double median = start + 0.1 + 2 * (serial + (1 - serial) / width);
  for (const double noise : {0.0, 0.02, -0.02, 0.01, -0.01})
    result.runs.push_back(run(median * (1 + noise), start, workers, 2));
  return result;
}

inline std::vector<measured_cell> cells(const std::vector<std::string>& policies = {"threads", "processes"},
                                        const std::vector<std::uint32_t>& workers = {1, 2, 4}) {
  std::vector<measured_cell> result{cell("synchronous", 1, 0, 1)};
  double start = 0.01;
  for (const std::string& policy : policies) {
    for (const std::uint32_t n : workers)
      result.push_back(cell(policy, n, start, serial_by_construction(policy).empty() ? 0.05 : 1));
    start += 0.12;
  }
  return result;
}

/// Stage train: threads that all learn one model, ranks that learn one for each number.
inline std::vector<measured_cell> trainings() {
  std::vector<measured_cell> result;
  const auto add = [&](const std::string& policy, std::uint32_t workers, double accuracy, char hash) {
    measured_cell one = cell(policy, workers, policy == "local" ? 0 : 0.2, 0.1);
    one.alike = policy == "local" ? policy : one.name();
    for (measurement& run : one.runs) {
      run.trace.clear();
      run.cost.tracks_per_line.clear();
      run.work = {1000, 0,    10000,   57, 0, std::string(64, 't'), std::string(64, hash), "xgboost", "grouped-track",
                  7000, 3000, accuracy};
    }
    result.push_back(one);
  };
  add("local", 1, 0.55, 'a');
  add("local", 2, 0.55, 'a');
  add("distributed", 1, 0.5475, 'b');
  add("distributed", 2, 0.5525, 'c');
  add("distributed:200", 2, 0.52, 'd');
  return result;
}

inline comparison_context training_context() {
  comparison_context x = context();
  x.stage = "train";
  x.tolerance = 0.02;
  return x;
}

} // namespace fugato::example
