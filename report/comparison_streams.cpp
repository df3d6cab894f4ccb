// SPDX-License-Identifier: GPL-3.0-or-later
// Who worked on what when, with CPU and memory over the same time.
#include "report/comparison_charts.hpp"
#include "report/format.hpp"
#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fugato {
namespace {

constexpr double line_height = 12;
constexpr std::size_t most_lines = 64; ///< shown; a screen holds no more

/// Line numbers in use -> rows.
std::map<std::uint32_t, std::size_t> rows_of(const std::vector<trace_event>& events) {
  std::map<std::uint32_t, std::size_t> result;
  for (const trace_event& x : events)
    result[x.line] = 0;
  std::size_t row = 0;
  for (auto& [line, at] : result)
    at = row++;
  return result;
}

/// A class per category, in the order of their names.
std::map<std::string, std::string> colours_of(std::span<const task_stream> streams) {
  constexpr std::size_t shades = 4;
  std::map<std::string, std::string> result;
  for (const task_stream& stream : streams)
    for (const trace_event& x : stream.events)
      result.try_emplace(x.category);
  std::size_t i = 0;
  for (auto& [category, colour] : result)
    colour = fmt::format("task{}", i++ % shades);
  return result;
}

double seconds_of(std::uint64_t us) { return 1e-6 * static_cast<double>(us); }

std::string strip(double height, const std::string& content) {
  return element("svg", {{"class", "strip"}, {"height", pixels(height)}}, content);
}

/// Long events first, so that the stages of a track lie upon the track.
std::vector<trace_event> painted_order(std::vector<trace_event> events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const trace_event& a, const trace_event& b) { return a.duration_us > b.duration_us; });
  return events;
}

std::string tasks(const task_stream& stream, double span, const std::map<std::string, std::string>& colours) {
  const auto rows = rows_of(stream.events);
  std::string result;
  for (const auto& [line, row] : rows)
    if (row < most_lines)
      result += element("rect", {{"class", "lane"},
                                 {"x", "0"},
                                 {"width", "100%"},
                                 {"y", pixels(line_height * static_cast<double>(row))},
                                 {"height", pixels(line_height - 2)}});
  for (const trace_event& x : painted_order(stream.events)) {
    const std::size_t row = rows.at(x.line);
    if (row >= most_lines)
      continue;
    const double start = seconds_of(x.start_us);
    const double length = seconds_of(x.duration_us);
    result += element("rect",
                      {{"class", "task " + colours.at(x.category)},
                       {"x", percent(start / span)},
                       {"width", percent(length / span)},
                       {"y", pixels(line_height * static_cast<double>(row))},
                       {"height", pixels(line_height - 2)}},
                      tooltip(fmt::format("line {}: {}, {}: {} from {} on", x.line, x.name, x.category,
                                          short_time(length), short_time(start))));
  }
  return strip(line_height * static_cast<double>(std::min(rows.size(), most_lines)), result);
}

/// Steps of `values` over time, filled. The inner drawing stretches, which text must not: there is none in it.
std::string area(const char* colour, const usage_samples& usage, const std::vector<double>& values, double top,
                 double span, const std::string& meaning) {
  std::string points = "0,100";
  double from = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double y = 100 - 100 * std::min(1.0, values[i] / top);
    points += fmt::format(" {:.1f},{:.1f} {:.1f},{:.1f}", 1000 * from / span, y, 1000 * usage.seconds[i] / span, y);
    from = usage.seconds[i];
  }
  points += fmt::format(" {:.1f},100", 1000 * from / span);
  return element("div", {{"class", "note"}}, escaped(meaning)) +
         element(
             "svg",
             {{"class", "strip area"}, {"height", "30"}, {"viewBox", "0 0 1000 100"}, {"preserveAspectRatio", "none"}},
             element("rect", {{"class", "lane"}, {"width", "1000"}, {"height", "100"}}) +
                 element("polygon", {{"class", colour}, {"points", points}}, tooltip(meaning)));
}

std::string usage_areas(const comparison_result& r, std::uint32_t cores, double span) {
  const usage_samples& usage = r.samples;
  if (usage.seconds.empty())
    return "";
  const double peak = std::max(1.0, *std::max_element(usage.rss_bytes.begin(), usage.rss_bytes.end()));
  return area("user", usage, usage.cores, cores, span, "CPU, of " + counted(cores, "core")) +
         area("leader", usage, usage.rss_bytes, peak, span, "memory, " + short_bytes(peak) + " at most");
}

std::string time_axis(double span) {
  std::string labels;
  for (const double tick : round_ticks(span, 4))
    if (tick <= span) {
      const char* anchor = tick == 0 ? "start" : tick > 0.93 * span ? "end" : "middle";
      labels += element("text", {{"x", percent(tick / span)}, {"y", "12"}, {"text-anchor", anchor}},
                        fmt::format("{:g} s", tick));
    }
  return strip(16, labels);
}

std::string card(const comparison_result& r, const task_stream& stream, std::uint32_t cores,
                 const std::map<std::string, std::string>& colours) {
  double span = r.times[r.median_repetition];
  for (const trace_event& x : stream.events) // another machine's clock may run a little ahead
    span = std::max(span, seconds_of(x.start_us + x.duration_us));
  return element("div", {{"class", "card"}},
                 element("h3", {}, escaped(r.name)) + (stream.events.empty() ? "" : tasks(stream, span, colours)) +
                     usage_areas(r, cores, span) + time_axis(span));
}

} // namespace

std::string stream_charts(const comparison& x, std::span<const task_stream> streams) {
  const auto colours = colours_of(streams);
  std::string keys;
  for (const auto& [category, colour] : colours)
    keys += element("span", {}, element("i", {{"class", "swatch " + colour}}) + escaped(category));
  std::string cards;
  for (const comparison_result& r : x.results) {
    const auto stream = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.cell == r.name; });
    if (stream != streams.end() && !(stream->events.empty() && r.samples.seconds.empty()))
      cards += card(r, *stream, x.context.num_cpus, colours);
  }
  return (keys.empty() ? "" : element("p", {{"class", "legend"}}, keys)) + element("div", {{"class", "cards"}}, cards);
}

} // namespace fugato
