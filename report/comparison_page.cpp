// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_page.hpp"

#include "report/comparison_charts.hpp"
#include "report/comparison_format.hpp"
#include "report/comparison_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--page:#f6f6f4;--surface:#fff;--ink:#1b1b1a;--soft:#5c5b57;--line:#e2e1dc;--lane:#efeeea;
--blue:#2a6fc9;--orange:#dc6a2c;--green:#1f9e75;--violet:#6b5bd0;--gray:#c9c7c0}
@media(prefers-color-scheme:dark){:root{--page:#121211;--surface:#1c1c1a;--ink:#f1f0ec;--soft:#aaa8a1;--line:#343330;
--lane:#282725;--blue:#5b9cec;--orange:#ee8a52;--green:#3fbf95;--violet:#9a8cf0;--gray:#56544e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.2rem;margin:2.5rem 0 .3rem}
h3{font-size:.95rem;margin:0 0 .3rem}
p{margin:.3rem 0 .8rem;max-width:75ch}
.note,.legend,small,figcaption,footer{color:var(--soft);font-size:.82rem}
.note{margin:0 0 .2rem}.legend{max-width:none}
.chart,.card{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem}
.row{display:grid;grid-template-columns:11rem 1fr 8.5rem;gap:0 1rem;align-items:center}
.label{overflow-wrap:anywhere}
.first:not(:first-child){margin-top:.45rem}
.value{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.value small{display:inline-block;min-width:3.6rem;margin-left:.4rem}
.strip{display:block;width:100%;overflow:visible}
.area{overflow:hidden;border-radius:3px}
svg text{fill:var(--soft);font-size:11px}
.grid{stroke:var(--line)}.lane{fill:var(--lane)}
.range{stroke:var(--blue);stroke-width:2;stroke-opacity:.45}
.dot{fill:var(--blue);fill-opacity:.5;stroke:var(--surface);stroke-width:1}
.solid{fill-opacity:1}
.median{stroke:var(--ink);stroke-width:2}
.bar{stroke:var(--surface);stroke-width:1.5}
.measured{fill:none;stroke:var(--blue);stroke-width:2}
.ideal{stroke:var(--gray);stroke-width:1.5}
.cores{stroke:var(--soft);stroke-dasharray:1 3}
.fit{fill:none;stroke:var(--orange);stroke-width:1.5;stroke-dasharray:5 4}
.startup,.task2,.system{fill:var(--orange);background:var(--orange)}
.compute,.user,.task0{fill:var(--blue);background:var(--blue)}
.transfer,.workers,.task1{fill:var(--green);background:var(--green)}
.leader,.task3{fill:var(--violet);background:var(--violet)}
.idle{fill:var(--gray);background:var(--gray)}
.task{stroke:var(--surface);stroke-width:.5}
.legend span{display:inline-block;margin-right:1.1rem}
.swatch{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin-right:.35rem;vertical-align:-1px}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr))}
.cards.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,500px),1fr))}
.pair{display:grid;gap:.5rem;grid-template-columns:1fr 1fr}
.two{display:grid;gap:0 1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr))}
.two .row{grid-template-columns:10.5rem 1fr 4.8rem;gap:0 .7rem}
figure{margin:0}figure svg{width:100%;max-width:340px;display:block;overflow:visible}
dl{display:grid;grid-template-columns:13rem 1fr;gap:.6rem 1.5rem;margin:1rem 0}
dt{font-weight:600}dd{margin:0}dd p{margin:0 0 .25rem}
.table{overflow-x:auto;background:var(--surface);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
th{font-weight:600;white-space:normal;vertical-align:bottom}th:first-child,td:first-child,.words{text-align:left}
tr:last-child td{border-bottom:0}
footer{margin-top:2.5rem;overflow-wrap:anywhere}
@media(max-width:640px){
.row,.two .row{grid-template-columns:1fr auto;margin-bottom:.35rem}
.row .strip{grid-row:2;grid-column:1/3}
.axis .label,.axis .value{display:none}.pair{grid-template-columns:1fr}
dl{grid-template-columns:1fr;gap:.2rem}dd{margin-bottom:.6rem}}
)";

using rows = std::vector<std::vector<std::string>>;

template <class T>
std::string spaced(const std::vector<T>& xs, const char* form) {
  std::string result;
  for (const T& x : xs)
    result += (result.empty() ? "" : " ") + fmt::format(fmt::runtime(form), x);
  return result;
}

/// The first row is the heading; `words` columns are set to the left.
std::string table(const rows& lines, std::size_t words) {
  std::string body;
  for (const auto& line : lines) {
    std::string cells;
    for (std::size_t i = 0; i < line.size(); ++i)
      cells += element(&line == &lines.front() ? "th" : "td", {{"class", i < words ? "words" : ""}}, escaped(line[i]));
    body += element("tr", {}, cells) + "\n";
  }
  return element("div", {{"class", "table"}}, element("table", {}, body));
}

std::string section(const std::string& title, const std::string& explanation, const std::string& content) {
  return element("section", {},
                 element("h2", {}, escaped(title)) + element("p", {{"class", "note"}}, escaped(explanation)) + "\n" +
                     content) +
         "\n";
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
  rows lines{{"the report's method", "policy here", "report, its machine", "its speed-up", "here, fastest cell",
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
  rows lines{{"cell", "median", "mean", "stddev", "min", "max", "speed-up", "efficiency", "serial part", "start-up",
              "CPU", "leader memory", "workers' memory", "messages", "wire", "tracks per line"}};
  for (const comparison_result& r : x.results) {
    const repetition& run = r.repetitions[r.median_repetition];
    lines.push_back({r.name + (r.oversubscribed ? " *" : ""), short_time(r.median), short_time(r.mean),
                     r.stddev_reason.empty() ? short_time(r.stddev) : "-", short_time(r.min), short_time(r.max),
                     short_number(r.speedup), short_percent(r.efficiency), short_percent(r.serial_fraction),
                     short_time(run.startup_wall_seconds), short_time(r.user + r.system),
                     short_bytes(static_cast<double>(run.leader_peak_rss_bytes)),
                     short_bytes(static_cast<double>(run.worker_peak_rss_bytes)), std::to_string(run.messages),
                     short_bytes(static_cast<double>(run.wire_bytes)), spaced(run.tracks_per_line, "{}")});
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
                             escaped(fmt::format("Corpus {} (SHA-256 of its listing {}), configuration {} ({}).",
                                                 c.corpus, c.corpus_sha256, c.config, c.config_sha256))) +
                     element("p", {}, escaped(c.command)) + element("p", {}, escaped(libraries)));
}

std::string header(const comparison_context& c) {
  return element("h1", {}, "Schedulers compared") +
         element(
             "p", {},
             escaped(fmt::format("{} ({} x {} values) on {}: {}, {}. {} of each cell, each run in a process of its "
                                 "own, in rounds over all cells after {} of warm-up. All cells wrote the same table, "
                                 "byte for byte.",
                                 counted(c.tracks, "track") + (c.synthetic ? " of rendered music" : ""), c.rows,
                                 c.columns, c.host_name, c.cpu_model, counted(c.num_cpus, "core"),
                                 counted(c.repetitions, "repetition"), counted(c.warmup, "round"))));
}

std::string cost_sections(const comparison& x) {
  return section("Where the time goes",
                 "Of the cores that a cell may use: as many as workers, or all where there are fewer.",
                 legend({{"startup", "start-up"},
                         {"compute", "compute: reading and measuring"},
                         {"transfer", "transfer and coordination: all other CPU"},
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
  std::string body = header(x.context);
  body += section("Time",
                  "Wall time of a whole run. A dot is a repetition, the bar their median, the figure at the right the "
                  "speed-up over synchronous. * more workers than cores.",
                  time_chart(x));
  body += section("What the figures say", "Written by the program from the numbers.", findings_list(x));
  body += section("Beside the course report",
                  "Its figures are of 50 files on another machine with other software: its seconds are not comparable "
                  "with ours, its speed-ups are roughly.",
                  published_table(x));
  if (const std::string cards = scaling_charts(x); cards.find("<svg") != std::string::npos)
    body += section("Speed-up and efficiency",
                    "Against the number of workers. Vertical lines span the slowest and the fastest repetition.",
                    legend({{"user", "measured"},
                            {"idle", "ideal"},
                            {"startup", "Amdahl's law, fitted where every worker has a core"}}) +
                        cards);
  body += cost_sections(x);
  if (!streams.empty())
    body += section("Which line worked on which track when",
                    "The repetition of median time; a row is a line, a box a track (rest the pointer on it). The "
                    "folder traces/ holds the same for Perfetto.",
                    stream_charts(x, streams));
  body += section(
      "All figures",
      "Memory, messages and bytes on the wire are those of the repetition of median time. More in comparison.json.",
      result_table(x));
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<title>Fugato: schedulers compared</title>" +
         element("style", {}, style) + "</head>\n<body>" + element("main", {}, body + footer(x.context)) +
         "</body></html>\n";
}

} // namespace fugato
