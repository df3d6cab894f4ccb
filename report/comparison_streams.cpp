// SPDX-License-Identifier: GPL-3.0-or-later
// Who worked on what when, with CPU and memory over the same time.
#include "report/comparison_charts.hpp"
#include "report/format.hpp"
#include "report/svg.hpp"
#include "report/task_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

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

std::string card(const comparison_result& r, const task_stream& stream, std::uint32_t cores,
                 const stream_colours& colours) {
  // another machine's clock may run a little ahead
  const double span = stream_span(stream.events, r.times[r.median_repetition]);
  return element("div", {{"class", "card"}},
                 element("h3", {}, escaped(r.name)) +
                     (stream.events.empty() ? "" : stream_rows(stream.events, span, colours)) +
                     usage_areas(r, cores, span) + stream_axis(span));
}

} // namespace

std::string stream_charts(const comparison& x, std::span<const task_stream> streams) {
  std::vector<trace_event> all;
  for (const task_stream& stream : streams)
    all.insert(all.end(), stream.events.begin(), stream.events.end());
  const stream_colours colours = colours_of(all);
  std::string cards;
  for (const comparison_result& r : x.results) {
    const auto stream = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.cell == r.name; });
    if (stream != streams.end() && !(stream->events.empty() && r.samples.seconds.empty()))
      cards += card(r, *stream, x.context.num_cpus, colours);
  }
  return (colours.empty() ? "" : stream_legend(colours)) + element("div", {{"class", "cards"}}, cards);
}

} // namespace fugato
