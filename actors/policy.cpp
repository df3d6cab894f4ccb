// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/policy.hpp"

#include "actors/placement.hpp"

namespace fugato {
namespace {

// -- how many lines -----------------------------------------------------------------

std::uint32_t one(const dispatch_settings&, std::uint32_t) { return 1; }
std::uint32_t one_per_worker(const dispatch_settings& settings, std::uint32_t) { return core_budget(settings); }
std::uint32_t one_per_track(const dispatch_settings&, std::uint32_t tracks) { return tracks; }

// -- how they are fed -----------------------------------------------------------------

feeding one_at_a_time(const dispatch_settings&, std::uint32_t) { return {1, 1, 1, false}; }
feeding by_credit(const dispatch_settings& settings, std::uint32_t) { return {1, settings.credit, 0, false}; }
feeding in_batches(const dispatch_settings& settings, std::uint32_t) {
  return {settings.batch, settings.credit, 0, false};
}
/// Python's Pool.map cuts the work into four pieces a worker before it begins.
feeding cut_up_front(const dispatch_settings& settings, std::uint32_t tracks) {
  const std::uint32_t pieces = 4 * core_budget(settings);
  return {(tracks + pieces - 1) / pieces, 1, 0, false};
}
feeding once(const dispatch_settings&, std::uint32_t) { return {1, 1, 0, true}; }

} // namespace

policy for_ranks(const policy& how) {
  const auto one_each = [](const dispatch_settings&, std::uint32_t) { return feeding{1, 1, 0, false}; };
  return {how.name, how.summary, how.reference, how.place_ranks, one_per_track, one_each, true, how.relative};
}

const catalog<policy>& policies() {
  static const catalog<policy> all{
      "policy",
      {{"synchronous", "One line in this process, one track at a time, each awaited.", "dask scheduler=synchronous",
        place_here, one, one_at_a_time, false, false, true},
       {"threads", "A line per worker in this process; each pulls tracks by credit.", "dask scheduler=threads",
        place_here, one_per_worker, by_credit},
       {"processes", "A line per child process; each pulls small batches of tracks.", "dask scheduler=processes",
        place_in_children, one_per_worker, in_batches, true},
       {"distributed", "Lines on worker nodes that join over TLS; each pulls batches of tracks under a lease.",
        "dask distributed, LocalCluster", place_on_nodes, one_per_worker, in_batches, true, true, false,
        place_on_nodes},
       {"pool-apply", "Child processes; one track at a time, each awaited: serial by construction.",
        "multiprocessing.Pool.apply", place_in_children, one_per_worker, one_at_a_time, true, false, true},
       {"pool-apply-async", "Child processes; each track submitted and awaited at once: serial by construction.",
        "multiprocessing.Pool.apply_async, then get", place_in_children, one_per_worker, one_at_a_time, true, false,
        true},
       {"pool-map", "Child processes; contiguous batches cut up front, four a worker.", "multiprocessing.Pool.map",
        place_in_children, one_per_worker, cut_up_front, true},
       {"pool-map-async", "The same batches; their results are collected at the end.",
        "multiprocessing.Pool.map_async, then get", place_in_children, one_per_worker, cut_up_front, true},
       {"process-per-track", "A fresh child process for each track, all at once (at most 64 alive).",
        "multiprocessing.Process, start, join", place_in_children, one_per_track, once, true}}};
  return all;
}

} // namespace fugato
