// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/inspection.hpp"

#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fugato {

caf::error false_receipt() {
  return to_caf(errc::worker_lost, "results must go to the sink, but a line claims in its place that it has them");
}

result_check rows_of(std::size_t width) {
  return [width](const measured& x) -> std::string {
    const std::vector<float>& values = x.rows.values;
    if (values.empty() || values.size() % width != 0)
      return fmt::format("rows must have {} values each, but {} values came", width, values.size());
    const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    return bad == values.end() ? ""
                               : fmt::format("values must be finite, but value {} is {}", bad - values.begin(), *bad);
  };
}

std::string inspection::fault_in(const parcel_rows& x) {
  const auto given = given_.find(x.lease);
  if (given == given_.end())
    return fmt::format("results must answer a lease that is open, but lease {} is not", x.lease);
  const std::vector<std::uint32_t> tasks = std::move(given->second);
  given_.erase(given);
  const bool same = std::equal(tasks.begin(), tasks.end(), x.tasks.begin(), x.tasks.end(),
                               [](std::uint32_t task, const measured& result) { return task == result.task; });
  if (!same)
    return fmt::format("results must be those of the {} tasks of lease {}, but are of others", tasks.size(), x.lease);
  for (const measured& each : x.tasks)
    if (std::string fault = fault_in(each); !fault.empty())
      return fmt::format("task {}: {}", each.task, fault);
  return "";
}

std::string inspection::fault_in(const measured& x) const {
  if (x.reason.empty())
    return check_ ? check_(x) : "";
  if (kind_named(x.reason).name != x.reason)
    return fmt::format("the reason of a failure must be known, found '{}'", printable(x.reason, 40));
  return x.rows.values.empty() ? "" : "a task that failed must have no results";
}

inspector_actor::behavior_type inspector(inspector_actor::pointer self, const result_check& check,
                                         const sink_actor& next) {
  const auto book = std::make_shared<inspection>(check);
  return {
      [=](parcel_rows& x) -> caf::result<receipt> {
        if (const std::string fault = book->fault_in(x); !fault.empty())
          return to_caf(errc::worker_lost, fault);
        return self->delegate(next, std::move(x));
      },
      [=](atom::expect, std::uint64_t lease, const std::vector<std::uint32_t>& tasks) { book->expect(lease, tasks); },
  };
}

} // namespace fugato
