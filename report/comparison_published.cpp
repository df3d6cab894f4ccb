// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace fugato {
namespace {

struct explanation {
  std::string_view policy;
  std::string_view why;
};

constexpr std::array serial{
    explanation{"pool-apply", "the next track is handed out only after the answer to the last one has come back"},
    explanation{"pool-apply-async",
                "each asynchronous submission is awaited at once, so that no two tracks are ever under way together"}};

} // namespace

std::vector<published_figure> published_figures() {
  constexpr double dask_serial = 131.21; // the two tables of the report have a serial figure each
  constexpr double pool_serial = 131.6;
  const auto dask = [&](const char* policy, const char* method, double s) {
    return published_figure{policy, method, s, dask_serial / s};
  };
  const auto pool = [&](const char* policy, const char* method, double s) {
    return published_figure{policy, method, s, pool_serial / s};
  };
  return {dask("synchronous", "Dask, scheduler=synchronous", dask_serial),
          pool("synchronous", "serial loop", pool_serial),
          dask("distributed", "Dask, scheduler=distributed", 30.85),
          pool("pool-apply", "multiprocessing Pool.apply", 151.5),
          pool("pool-apply-async", "multiprocessing Pool.apply_async", 152.6),
          pool("pool-map", "multiprocessing Pool.map", 107.4),
          pool("pool-map-async", "multiprocessing Pool.map_async", 109.5),
          pool("process-per-track", "multiprocessing.Process per track", 80.1)};
}

std::string serial_by_construction(const std::string& policy) {
  const auto it = std::find_if(serial.begin(), serial.end(), [&](const explanation& x) { return x.policy == policy; });
  return it == serial.end() ? "" : std::string(it->why);
}

} // namespace fugato
