// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/policy.hpp"

#include "actors/placement.hpp"

namespace fugato {
namespace {

std::uint32_t one(const dispatch_settings&) { return 1; }
std::uint32_t as_set(const dispatch_settings& settings) { return settings.credit; }

} // namespace

const catalog<policy>& policies() {
  static const catalog<policy> all{"policy",
                                   {{"synchronous", "One line in this process, one track at a time, each awaited.",
                                     "dask scheduler=synchronous", place_here, one, one},
                                    {"threads", "A line per worker in this process; each pulls tracks by credit.",
                                     "dask scheduler=threads", place_here, core_budget, as_set}}};
  return all;
}

} // namespace fugato
