// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/simulate.hpp"

#include "actors/asking.hpp"
#include "actors/dispatch.hpp"
#include "config/usage.hpp"

namespace fugato {
namespace {

sink_actor::behavior_type counter(sink_actor::pointer) {
  return {
      [](const parcel_rows& x) {
        return receipt{x.lease, 0, x.tasks};
      },
  };
}

} // namespace

void describe(visitor& v, simulation& x) {
  v("tasks", x.tasks, anything{}, "that were handed out and came back");
  v("policy", x.policy, anything{}, "how");
  v("lines", x.lines, anything{}, "that did nothing with them");
  v("batch", x.batch, anything{}, "tasks a message");
  v("wall_seconds", x.wall_seconds, anything{}, "start-up left out [s]");
  v("startup_seconds", x.startup_seconds, anything{}, "until every line had enlisted [s]");
  v("leader_cpu_seconds", x.leader_cpu_seconds, anything{}, "user and system, start-up left out [s]");
  v("worker_cpu_seconds", x.worker_cpu_seconds, anything{}, "of all worker processes, start-up left out [s]");
  v("leader_rss_bytes", x.leader_rss_bytes, anything{}, "peak [bytes]");
  v("messages", x.messages, anything{}, "between coordinator, lines and sink");
  v("wire_bytes", x.wire_bytes, anything{}, "payload that left a process [bytes]");
}

simulation simulate(const dispatch_settings& settings, std::uint32_t tasks, const progress_callback& tell) {
  office where{settings, [](const std::string&) {}};
  caf::scoped_actor self{where.actors};
  const lifetime sink{self, where.actors.spawn(counter)};
  const stopwatch watch;
  const auto text = [](std::uint32_t i) { return "genre/genre." + std::to_string(i) + ".wav"; };
  assignment work;
  work.tasks = tasks;
  work.what = text;
  work.brief = {"idle", "", ""};
  work.sink = *sink;
  work.muster = true;
  work.shown = {"handing out", "tasks", tasks, text};
  const dispatched done = carry_out(where, self, work, tell);
  if (!done.failures.empty())
    throw error(errc::internal, "every task must come back, but " + std::to_string(done.failures.size()) +
                                    " did not, the first because " + done.failures.front().sentence);
  simulation result;
  result.tasks = tasks;
  result.policy = settings.policy;
  result.lines = static_cast<std::uint32_t>(done.notes.tracks_per_line.size());
  result.batch = where.how.feed(settings, tasks).batch;
  result.startup_seconds = static_cast<double>(done.notes.startup_us) * 1e-6;
  result.wall_seconds = watch.elapsed().wall_seconds - result.startup_seconds;
  result.leader_cpu_seconds = static_cast<double>(process_cpu_nanoseconds() - done.notes.startup_leader_cpu_ns) * 1e-9;
  result.worker_cpu_seconds = static_cast<double>(done.notes.worker_cpu_ns) * 1e-9;
  result.leader_rss_bytes = peak_rss_bytes();
  result.messages = done.notes.messages;
  result.wire_bytes = done.notes.wire_bytes;
  return result;
}

} // namespace fugato
