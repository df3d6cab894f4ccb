// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_page.hpp"

#include "report/comparison_charts.hpp"
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

template <class T>
std::string spaced(const std::vector<T>& xs, const char* form) {
  std::string result;
  for (const T& x : xs)
    result += (result.empty() ? "" : " ") + fmt::format(fmt::runtime(form), x);
  return result;
}

std::string findings_list(const comparison& x) {
  std::string result;
  std::string topic;
  for (const finding& f : x.findings) {
    if (f.topic != topic)
      result += (topic.empty() ? "" : "</dd>") + element("dt", {}, escaped(f.topic)) + "<dd>";
    topic = f.topic;
    result += element("p", {}, escaped(f.text));
  }
  return "<dl>" + result + (topic.empty() ? "" : "</dd>") + "</dl>\n";
}

const comparison_result* fastest(const comparison& x, const std::string& policy) {
  const comparison_result* best = nullptr;
  for (const comparison_result& r : x.results)
    if (r.policy == policy && (best == nullptr || r.median < best->median))
      best = &r;
  return best;
}

std::string published_table(const comparison& x) {
  table_rows lines{{"the report's method", "policy here", "report, its machine", "its speed-up", "here, fastest cell",
                    "here, this machine", "speed-up here"}};
  for (const published_figure& p : x.published) {
    const comparison_result* here = fastest(x, p.policy);
    lines.push_back({p.method, p.policy, fmt::format("{:.2f} s", p.seconds), short_number(p.speedup) + " x",
                     here ? here->name : "not measured", here ? short_time(here->median) : "",
                     here ? short_number(here->speedup) + (here->speedup_reason.empty() ? " x" : "") : ""});
  }
  return table(lines, 2);
}

std::string result_table(const comparison& x) {
  const bool learns = comparison_stages().at(x.context.stage).learns;
  table_rows lines{{"cell", "median", "mean", "stddev", "min", "max", "speed-up", "efficiency", "serial part",
                    "start-up", "CPU", "leader memory", "workers' memory", "messages", "wire"}};
  if (learns)
    for (const char* name : {"learning", "accuracy", "against the baseline", "model"})
      lines.front().emplace_back(name);
  else
    lines.front().emplace_back("tracks per line");
  for (const comparison_result& r : x.results) {
    const repetition& run = r.repetitions[r.median_repetition];
    lines.push_back({r.name + (r.oversubscribed ? " *" : ""), short_time(r.median), short_time(r.mean),
                     r.stddev_reason.empty() ? short_time(r.stddev) : "-", short_time(r.min), short_time(r.max),
                     short_number(r.speedup), short_percent(r.efficiency), short_percent(r.serial_fraction),
                     short_time(run.startup_wall_seconds), short_time(r.user + r.system),
                     short_bytes(static_cast<double>(run.leader_peak_rss_bytes)),
                     short_bytes(static_cast<double>(run.worker_peak_rss_bytes)), std::to_string(run.messages),
                     short_bytes(static_cast<double>(run.wire_bytes))});
    if (learns)
      for (const std::string& text :
           {short_time(run.work_wall_seconds), fmt::format("{:.4f}", r.accuracy),
            r.accuracy_difference_reason.empty()
                ? fmt::format("{:+.4f}{}", r.accuracy_difference, r.accuracy_differs ? " differs" : "")
                : "-",
            std::string(r.same_output ? "same" : "other")})
        lines.back().push_back(text);
    else
      lines.back().push_back(spaced(run.tracks_per_line, "{}"));
  }
  return table(lines, 1);
}

std::string footer(const comparison_context& c) {
  std::string libraries;
  for (const manifest::library& x : c.versions)
    libraries += (libraries.empty() ? "" : "; ") + x.name + " " + x.version;
  const auto load = [](const std::vector<double>& xs) { return spaced(xs, "{:.2f}"); };
  return element("footer", {},
                 element("p", {},
                         escaped(fmt::format("{}; load average before {}, after {}.", c.date, load(c.load_avg),
                                             load(c.load_avg_end)))) +
                     element("p", {},
                             escaped(fmt::format("{} {} (SHA-256 {}), configuration {} ({}).",
                                                 c.model.empty() ? "Corpus, by its listing:" : "Table of", c.corpus,
                                                 c.corpus_sha256, c.config, c.config_sha256))) +
                     element("p", {}, escaped(c.command)) + element("p", {}, escaped(libraries)));
}

std::string work_text(const comparison_context& c) {
  const std::string rendered = c.synthetic ? " of rendered music" : "";
  if (c.model.empty())
    return fmt::format("{} ({} x {} values)", counted(c.tracks, "track") + rendered, c.rows, c.columns);
  return fmt::format("{} learns from {} x {} values{} and is judged by {} (split {})", c.model,
                     counted(static_cast<double>(c.train_rows), "row"), c.columns, rendered,
                     counted(static_cast<double>(c.test_rows), "row"), c.split);
}

std::string header(const comparison_context& c, const comparison_stage& stage) {
  return element("h1", {}, escaped(std::string(stage.title))) +
         element("p", {},
                 escaped(fmt::format("{} on {}: {}, {}. {} of each cell, each run in a process of its own, in rounds "
                                     "over all cells after {} of warm-up. {}",
                                     work_text(c), c.host_name, c.cpu_model, counted(c.num_cpus, "core"),
                                     counted(c.repetitions, "repetition"), counted(c.warmup, "round"),
                                     stage.learns ? "Threads learnt the same model whatever their number, byte for "
                                                    "byte; that of ranks depends on their number, and its accuracy is "
                                                    "compared."
                                                  : "All cells wrote the same table, byte for byte.")));
}

std::string cost_sections(const comparison& x, const comparison_stage& stage) {
  return section("Where the time goes",
                 "Of the cores that a cell may use: as many as workers, or all where there are fewer.",
                 legend({{"startup", "start-up"},
                         {"compute", (stage.learns ? "" : "compute: ") + std::string(stage.compute)},
                         {"transfer", std::string(stage.other)},
                         {"idle", "idle"}}) +
                     shares_chart(x)) +
         element("div", {{"class", "two"}},
                 section("CPU", "Of a run, leader and workers together; mean.",
                         legend({{"user", "user"}, {"system", "system"}}) + cpu_chart(x)) +
                     section("Memory", "At its peak. Pages that workers share count once for each.",
                             legend({{"leader", "leader"}, {"workers", "sum of workers"}}) + memory_chart(x)));
}

} // namespace

std::string comparison_page(const comparison& x, std::span<const task_stream> streams) {
  const comparison_stage& stage = comparison_stages().at(x.context.stage);
  std::string body = header(x.context, stage);
  body += section("Time",
                  "Wall time of a whole run. A dot is a repetition, the bar their median, the figure at the right the "
                  "speed-up over " +
                      std::string(stage.baseline) + ". * more workers than cores.",
                  time_chart(x));
  body += section("What the figures say", "Written by the program from the numbers.", findings_list(x));
  if (!x.published.empty())
    body += section("Beside the course report",
                    "Its figures are of 50 files on another machine with other software: its seconds are not "
                    "comparable with ours, its speed-ups are roughly.",
                    published_table(x));
  if (const std::string cards = scaling_charts(x); cards.find("<svg") != std::string::npos)
    body += section("Speed-up and efficiency",
                    "Against the number of workers. Vertical lines span the slowest and the fastest repetition.",
                    legend({{"user", "measured"},
                            {"idle", "ideal"},
                            {"startup", "Amdahl's law, fitted where every worker has a core"}}) +
                        cards);
  body += cost_sections(x, stage);
  if (!streams.empty())
    body += section(std::string(stage.usage),
                    stage.learns ? "The repetition of median time; all processes of the run together."
                                 : "The repetition of median time; a row is a line, a box a track (rest the pointer on "
                                   "it). The folder traces/ holds the same for Perfetto.",
                    stream_charts(x, streams));
  body += section(
      "All figures",
      "Memory, messages and bytes on the wire are those of the repetition of median time. More in comparison.json.",
      result_table(x));
  return page("Fugato: " + std::string(stage.title), body + footer(x.context));
}

} // namespace fugato
