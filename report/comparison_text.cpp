// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

namespace fugato {
namespace {

using fmt::format;

std::string heading(const std::string& text) { return "\n" + text + "\n" + std::string(text.size(), '-') + "\n"; }

std::string work_text(const comparison_context& c) {
  if (c.model.empty())
    return format("{} of {}", counted(c.tracks, "track"), c.corpus);
  return format("{}, split {}: {} of {} learnt from, {} judged by", c.model, c.split,
                counted(static_cast<double>(c.train_rows), "row"), c.corpus, c.test_rows);
}

std::string context_text(const comparison_context& c) {
  std::string result =
      format("{} on {}: {} ({})\n", work_text(c), c.host_name, c.cpu_model, counted(c.num_cpus, "core"));
  result += format("{}, each in a process of its own, in rounds over all cells after {}; {}\n",
                   counted(c.repetitions, "repetition"), counted(c.warmup, "round") + " of warm-up", c.date);
  return result;
}

/// Of cells that learn: how long they did, how well, and whether the model is the first cell's.
std::string learning_text(const comparison_result& r) {
  return format(" {:>10} {:>8.4f}{} {:>5}", short_time(r.repetitions[r.median_repetition].work_wall_seconds),
                r.accuracy, r.accuracy_differs ? "!" : " ", r.same_output ? "same" : "other");
}

std::string results_text(const comparison& x) {
  const bool learns = comparison_stages().at(x.context.stage).learns;
  std::string result =
      format("{:<22} {:>10} {:>9} {:>10} {:>10} {:>8} {:>10} {:>9} {:>9} {:>10} {:>10}", "policy/workers", "median",
             "stddev", "min", "max", "speed-up", "efficiency", "serial", "CPU", "memory", "wire");
  result += learns ? format(" {:>10} {:>9} {:>5}\n", "learning", "accuracy", "model") : "\n";
  for (const comparison_result& r : x.results) {
    const repetition& run = r.repetitions[r.median_repetition];
    result += format("{:<22} {:>10} {:>9} {:>10} {:>10} {:>8} {:>10} {:>9} {:>9} {:>10} {:>10}",
                     r.name + (r.oversubscribed ? " *" : ""), short_time(r.median),
                     r.stddev_reason.empty() ? short_time(r.stddev) : "-", short_time(r.min), short_time(r.max),
                     short_number(r.speedup), short_percent(r.efficiency), short_percent(r.serial_fraction),
                     short_time(r.user + r.system),
                     short_bytes(static_cast<double>(run.leader_peak_rss_bytes + run.worker_peak_rss_bytes)),
                     short_bytes(static_cast<double>(run.wire_bytes)));
    result += (learns ? learning_text(r) : "") + "\n";
  }
  if (learns)
    result +=
        format("learning: that part of the time, starting ranks included; accuracy: of the test rows, by chunk, ! "
               "differs from {}'s by more than {:.4g}; model: to the byte that of {}\n",
               comparison_stages().at(x.context.stage).baseline, x.context.tolerance, x.results.front().name);
  return result + "serial: Karp and Flatt's serial fraction; * more workers than cores; - does not exist: see "
                  "comparison.json for the reason\n";
}

std::string published_text(const comparison& x) {
  if (x.published.empty())
    return "";
  std::string result = heading("The course report, 50 files, on another machine (its seconds are not ours)");
  for (const published_figure& p : x.published)
    result += format("{:<22} {:>8.2f} s {:>6} x serial   {}\n", p.policy, p.seconds, short_number(p.speedup), p.method);
  return result;
}

std::string findings_text(const comparison& x) {
  std::string result;
  std::string topic;
  for (const finding& f : x.findings) {
    if (f.topic != topic)
      result += heading(f.topic);
    topic = f.topic;
    result += f.text + "\n";
  }
  return result;
}

} // namespace

std::string comparison_text(const comparison& x) {
  return context_text(x.context) + "\n" + results_text(x) + findings_text(x) + published_text(x);
}

} // namespace fugato
