// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/task_stream.hpp"

#include "report/format.hpp"
#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fugato {
namespace {

constexpr double line_height = 12;
constexpr std::size_t most_lines = 64; ///< shown; a screen holds no more

/// Line numbers in use -> rows.
std::map<std::uint32_t, std::size_t> rows_of(std::span<const trace_event> events) {
  std::map<std::uint32_t, std::size_t> result;
  for (const trace_event& x : events)
    result[x.line] = 0;
  std::size_t row = 0;
  for (auto& [line, at] : result)
    at = row++;
  return result;
}

double seconds_of(std::uint64_t us) { return 1e-6 * static_cast<double>(us); }

std::string strip(double height, const std::string& content) {
  return element("svg", {{"class", "strip"}, {"height", pixels(height)}}, content);
}

/// Long events first, so that the stages of a track lie upon the track.
std::vector<const trace_event*> painted_order(std::span<const trace_event> events) {
  std::vector<const trace_event*> result;
  for (const trace_event& x : events)
    result.push_back(&x);
  std::stable_sort(result.begin(), result.end(),
                   [](const auto* a, const auto* b) { return a->duration_us > b->duration_us; });
  return result;
}

/// `group` events of a line and category, as one.
trace_event together(std::span<const trace_event* const> group) {
  trace_event result = *group.front();
  for (const trace_event* x : group)
    result.duration_us = std::max(result.duration_us, x->start_us + x->duration_us - result.start_us);
  if (group.size() > 1)
    result.name = fmt::format("{} tracks, {} to {}", group.size(), group.front()->name, group.back()->name);
  return result;
}

} // namespace

stream_colours colours_of(std::span<const trace_event> events) {
  constexpr std::size_t shades = 4;
  stream_colours result;
  for (const trace_event& x : events)
    result.try_emplace(x.category);
  std::size_t i = 0;
  for (auto& [category, colour] : result)
    colour = fmt::format("task{}", i++ % shades);
  return result;
}

std::string stream_legend(const stream_colours& colours) {
  std::string keys;
  for (const auto& [category, colour] : colours)
    keys += element("span", {}, element("i", {{"class", "swatch " + colour}}) + escaped(category));
  return element("p", {{"class", "legend"}}, keys);
}

double stream_span(std::span<const trace_event> events, double at_least) {
  for (const trace_event& x : events)
    at_least = std::max(at_least, seconds_of(x.start_us + x.duration_us));
  return at_least;
}

std::string stream_rows(std::span<const trace_event> events, double span, const stream_colours& colours) {
  const auto rows = rows_of(events);
  std::string result;
  for (const auto& [line, row] : rows)
    if (row < most_lines)
      result += element("rect", {{"class", "lane"},
                                 {"x", "0"},
                                 {"width", "100%"},
                                 {"y", pixels(line_height * static_cast<double>(row))},
                                 {"height", pixels(line_height - 2)}});
  for (const trace_event* x : painted_order(events)) {
    const std::size_t row = rows.at(x->line);
    if (row >= most_lines)
      continue;
    const double start = seconds_of(x->start_us);
    const double length = seconds_of(x->duration_us);
    result += element("rect",
                      {{"class", "task " + colours.at(x->category)},
                       {"x", percent(start / span)},
                       {"width", percent(length / span)},
                       {"y", pixels(line_height * static_cast<double>(row))},
                       {"height", pixels(line_height - 2)}},
                      tooltip(fmt::format("line {}: {}, {}: {} from {} on", x->line, x->name, x->category,
                                          short_time(length), short_time(start))));
  }
  return strip(line_height * static_cast<double>(std::min(rows.size(), most_lines)), result);
}

std::string stream_axis(double span) {
  std::string labels;
  for (const double tick : round_ticks(span, 4))
    if (tick <= span) {
      const char* anchor = tick == 0 ? "start" : tick > 0.93 * span ? "end" : "middle";
      labels += element("text", {{"x", percent(tick / span)}, {"y", "12"}, {"text-anchor", anchor}},
                        fmt::format("{:g} s", tick));
    }
  return strip(16, labels);
}

std::vector<trace_event> merged_events(std::span<const trace_event> events, std::size_t most) {
  const std::size_t size = (events.size() + most - 1) / most;
  if (size <= 1)
    return {events.begin(), events.end()};
  std::map<std::pair<std::uint32_t, std::string>, std::vector<const trace_event*>> open;
  std::vector<trace_event> result;
  for (const trace_event& x : events) {
    auto& group = open[{x.line, x.category}];
    group.push_back(&x);
    if (group.size() == size) {
      result.push_back(together(group));
      group.clear();
    }
  }
  for (const auto& [key, group] : open)
    if (!group.empty())
      result.push_back(together(group));
  return result;
}

} // namespace fugato
