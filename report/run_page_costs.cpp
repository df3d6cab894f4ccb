// SPDX-License-Identifier: GPL-3.0-or-later
// What failed, what it cost, and where it comes from.
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/run_page_parts.hpp"
#include "report/svg.hpp"
#include "report/task_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

using fmt::format;

constexpr std::size_t most_listed = 500; ///< failures and warnings; report.json and failures.csv have all
constexpr std::size_t most_boxes = 3000; ///< of the task stream

std::string bar(const char* colour, double y, double share) {
  return element("rect", {{"class", colour}, {"x", "0"}, {"y", pixels(y)}, {"width", percent(share)}, {"height", "9"}});
}

/// A row per phase: its wall time above its CPU time, on one scale.
std::string phases_chart(const std::vector<phase_report>& phases) {
  double most = 1e-9;
  for (const phase_report& p : phases)
    most = std::max({most, p.wall_seconds, p.cpu_seconds});
  std::string rows;
  for (const phase_report& p : phases)
    rows += element(
        "div", {{"class", "row"}},
        element("div", {{"class", "label"}}, escaped(p.name)) +
            element("svg", {{"class", "strip"}, {"height", "22"}},
                    bar("startup", 1, p.wall_seconds / most) + bar("compute", 11, p.cpu_seconds / most)) +
            element("div", {{"class", "value"}},
                    escaped(short_time(p.wall_seconds)) + element("small", {}, escaped(short_time(p.cpu_seconds)))));
  const auto key = [](const char* colour, const char* what) {
    return element("span", {}, element("i", {{"class", format("swatch {}", colour)}}) + what);
  };
  return element("p", {{"class", "legend"}},
                 key("startup", "by the clock") + key("compute", "CPU, all threads and "
                                                                 "started workers")) +
         element("div", {{"class", "chart"}}, rows);
}

std::string spaced(const std::vector<std::uint32_t>& xs) {
  constexpr std::size_t most = 64;
  std::string result;
  for (std::size_t i = 0; i < std::min(most, xs.size()); ++i)
    result += (i == 0 ? "" : " ") + std::to_string(xs[i]);
  return xs.size() > most ? result + " ..." : result;
}

table_rows cost_facts(const run_report& x) {
  const extraction_report& e = x.extraction;
  const dispatch_report& d = x.dispatch;
  table_rows rows;
  if (!d.policy.empty()) {
    rows.push_back({"policy", format("{}, {}; tracks per line: {}", d.policy, counted(d.lines, "line"),
                                     spaced(d.tracks_per_line))});
    rows.push_back({"speed", format("{:.1f} tracks/s, {:.0f} x real time, {} of CPU per track", e.tracks_per_second,
                                    e.x_real_time, short_time(e.cpu_seconds_per_track))});
    rows.push_back({"CPU", format("{} reading, decoding, resampling; {} measuring", short_time(e.read_cpu_seconds),
                                  short_time(e.feature_cpu_seconds))});
    rows.push_back(
        {"start-up", format("{} by the clock until every line was ready", short_time(d.startup_wall_seconds))});
    rows.push_back(
        {"messages", format("{}, {} between processes", d.messages, short_bytes(static_cast<double>(d.wire_bytes)))});
    rows.push_back({"what went wrong",
                    format("{} lost, {} handed out again, {} doubled, {} too late", counted(d.lines_lost, "line"),
                           counted(d.retries, "track"), d.doubled, counted(d.late, "answer"))});
  }
  rows.push_back({"peak memory", short_bytes(static_cast<double>(x.peak_rss_bytes)) +
                                     (d.worker_peak_rss_bytes > 0
                                          ? ", and " + short_bytes(static_cast<double>(d.worker_peak_rss_bytes)) +
                                                " in the workers together"
                                          : "")});
  rows.push_back({"machine", format("{}: {}, {}{}", x.host.name, x.host.cpu, counted(x.host.cores, "core"),
                                    x.host.load_average.empty()
                                        ? ""
                                        : format(", load average {:.2f} at the end", x.host.load_average.front()))});
  return rows;
}

std::string stream(const std::vector<trace_event>& events) {
  if (events.empty())
    return "";
  const auto shown = merged_events(events, most_boxes);
  const double span = stream_span(shown);
  return element("div", {{"class", "card"}, {"id", "stream"}},
                 element("h3", {}, "Which line worked on which track when") +
                     stream_rows(shown, span, colours_of(shown)) + stream_axis(span) +
                     element("p", {{"class", "note"}},
                             "A row is a line, a box a track: rest the pointer on it. trace.json is the same for "
                             "Perfetto."));
}

std::string reasons(const std::vector<failure_count>& failures) {
  double most = 1;
  for (const failure_count& f : failures)
    most = std::max<double>(most, f.tracks);
  std::string rows;
  for (const failure_count& f : failures)
    rows += element("div", {{"class", "row"}},
                    element("div", {{"class", "label"}}, escaped(f.reason)) +
                        element("svg", {{"class", "strip"}, {"height", "12"}}, bar("failure", 1, f.tracks / most)) +
                        element("div", {{"class", "value"}}, counted(f.tracks, "track")));
  return element("div", {{"class", "chart"}}, rows);
}

std::string failed_tracks(const std::vector<failed_track>& failures) {
  table_rows rows{{"track", "reason", "sentence"}};
  for (std::size_t i = 0; i < std::min(most_listed, failures.size()); ++i)
    rows.push_back({failures[i].path, failures[i].reason, failures[i].sentence});
  const std::string cut =
      failures.size() > most_listed ? paragraph(format("The first {}; failures.csv has all.", most_listed)) : "";
  return failures.empty() ? "" : element("div", {{"class", "wrapped"}}, scrolling(table(rows, 3))) + cut;
}

std::string doubtful_tracks(const std::vector<warning_report>& warnings) {
  if (warnings.empty())
    return "";
  table_rows rows{{"track", "sentence"}};
  for (std::size_t i = 0; i < std::min(most_listed, warnings.size()); ++i)
    rows.push_back({warnings[i].track, warnings[i].sentence});
  return section(counted(static_cast<double>(warnings.size()), "doubtful track"),
                 "They were used; report.json has all.",
                 element("div", {{"class", "wrapped"}}, scrolling(table(rows, 2))));
}

std::string duplicates(const duplicate_report& x) {
  if (x.equal.empty() && x.near.empty())
    return "";
  table_rows rows{{"recordings", "side", "how alike"}};
  for (const equal_tracks& e : x.equal) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < e.tracks.size(); ++i)
      names.push_back(e.tracks[i] + " (" + e.labels[i] + ")");
    rows.push_back({listed(names), listed(e.sides), e.across ? "equal, on both sides of the split" : "equal"});
  }
  for (const near_tracks& n : x.near)
    rows.push_back({format("{} ({}) and {} ({})", n.track, n.label, n.other, n.other_label),
                    n.side + " and " + n.other_side, format("at {:.3f} of the typical distance", n.ratio)});
  return section("Recordings that are there twice",
                 "A model that has learnt one copy need not generalise to know the other.",
                 element("div", {{"class", "wrapped"}}, scrolling(table(rows, 3))));
}

} // namespace

std::string failures_section(const run_folder& x) {
  const run_report& r = x.report;
  std::string result;
  if (!r.failures.empty())
    result += section(counted(r.extraction.failed, "track") + " failed", "They have no rows in the table.",
                      reasons(r.failures) + failed_tracks(x.failures));
  return result + doubtful_tracks(r.warnings) + duplicates(r.duplicates);
}

std::string cost_section(const run_folder& x) {
  return section("Where the time went", "", phases_chart(x.report.phases) + facts(cost_facts(x.report))) +
         stream(x.stream);
}

std::string origin_section(const run_folder& x) {
  const manifest& m = x.origin;
  std::string libraries;
  for (const manifest::library& each : m.versions)
    libraries += (libraries.empty() ? "" : ", ") + each.name + " " + each.version;
  table_rows rows{
      {"started", m.started},
      {"program", format("fugato {}, commit {}, {}, {}", x.report.fugato, m.commit, m.compiler, m.build_type)},
      {"libraries", libraries},
      {"settings, SHA-256", m.config_sha256}};
  if (!m.corpus_sha256.empty())
    rows.push_back({"corpus listing, SHA-256", m.corpus_sha256});
  rows.push_back({"table, SHA-256", m.table_sha256});
  return section("How to make it again",
                 "The same corpus, settings and build give the same bytes of features.csv, whatever the policy and the "
                 "number of workers. config.resolved.json has all settings.",
                 element("pre", {{"id", "command"}}, escaped(m.command)) + facts(rows));
}

} // namespace fugato
