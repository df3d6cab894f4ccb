// SPDX-License-Identifier: GPL-3.0-or-later
// Charts of a row per cell.
#include "report/comparison_charts.hpp"
#include "report/format.hpp"
#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace fugato {
namespace {

constexpr double row_height = 26;
constexpr double middle = row_height / 2;

using number_text = std::function<std::string(double)>;

/// Values from 0 to the last tick.
struct axis {
  std::vector<double> ticks;
  number_text text;

  double part(double value) const { return value / ticks.back(); }
  std::string at(double value) const { return percent(part(value)); }
};

std::string drawing(double height, const std::string& content) {
  return element("svg", {{"class", "strip"}, {"height", pixels(height)}}, content);
}

std::string grid(const axis& scale) {
  std::string result;
  for (const double tick : scale.ticks)
    result += element(
        "line",
        {{"class", "grid"}, {"x1", scale.at(tick)}, {"x2", scale.at(tick)}, {"y1", "0"}, {"y2", pixels(row_height)}});
  return result;
}

/// The row of a cell; the first of a policy stands a little apart.
std::string row(const comparison& x, const comparison_result& cell, const std::string& content,
                const std::string& value) {
  const bool first = &cell == &x.results.front() || (&cell)[-1].policy != cell.policy;
  const std::string label = cell.name + (cell.oversubscribed ? " *" : "");
  return element("div", {{"class", first ? "row first" : "row"}},
                 element("div", {{"class", "label"}}, escaped(label)) + drawing(row_height, content) +
                     element("div", {{"class", "value"}}, value));
}

std::string axis_row(const axis& scale) {
  std::string labels;
  for (std::size_t i = 0; i < scale.ticks.size(); ++i) {
    const char* anchor = i == 0 ? "start" : i + 1 == scale.ticks.size() ? "end" : "middle";
    labels += element("text", {{"x", scale.at(scale.ticks[i])}, {"y", "12"}, {"text-anchor", anchor}},
                      scale.text(scale.ticks[i]));
  }
  return element("div", {{"class", "row axis"}},
                 element("div", {{"class", "label"}}) + drawing(18, labels) + element("div", {{"class", "value"}}));
}

std::string chart(const std::string& rows) { return element("div", {{"class", "chart"}}, rows); }

struct segment {
  std::string_view colour;
  double value;
  std::string meaning;
};

std::string stacked(const std::vector<segment>& segments, const axis& scale) {
  std::string result;
  double from = 0;
  for (const segment& s : segments) {
    if (s.value > 0)
      result += element("rect",
                        {{"class", "bar " + std::string(s.colour)},
                         {"x", scale.at(from)},
                         {"width", scale.at(s.value)},
                         {"y", "5"},
                         {"height", pixels(row_height - 10)}},
                        tooltip(s.meaning + ": " + scale.text(s.value)));
    from += s.value;
  }
  return result;
}

double sum(const std::vector<segment>& segments) {
  double result = 0;
  for (const segment& s : segments)
    result += s.value;
  return result;
}

std::string stacked_chart(const comparison& x, const number_text& text,
                          const std::function<std::vector<segment>(const comparison_result&)>& segments) {
  double top = 0;
  for (const comparison_result& r : x.results)
    top = std::max(top, sum(segments(r)));
  const axis scale{round_ticks(top, 3), text};
  std::string rows;
  for (const comparison_result& r : x.results)
    rows += row(x, r, grid(scale) + stacked(segments(r), scale), text(sum(segments(r))));
  return chart(rows + axis_row(scale));
}

std::string time_marks(const comparison_result& r, const axis& scale) {
  std::string result = element("line", {{"class", "range"},
                                        {"x1", scale.at(r.min)},
                                        {"x2", scale.at(r.max)},
                                        {"y1", pixels(middle)},
                                        {"y2", pixels(middle)}});
  for (std::size_t i = 0; i < r.times.size(); ++i)
    result += element("circle", {{"class", "dot"}, {"cx", scale.at(r.times[i])}, {"cy", pixels(middle)}, {"r", "4.5"}},
                      tooltip(fmt::format("{}, repetition {}: {}", r.name, i + 1, short_time(r.times[i]))));
  return result + element("line",
                          {{"class", "median"},
                           {"x1", scale.at(r.median)},
                           {"x2", scale.at(r.median)},
                           {"y1", pixels(middle - 9)},
                           {"y2", pixels(middle + 9)}},
                          tooltip(fmt::format("{}, median: {}", r.name, short_time(r.median))));
}

} // namespace

std::string legend(std::initializer_list<std::pair<std::string_view, std::string>> entries) {
  std::string result;
  for (const auto& [colour, meaning] : entries)
    result += element("span", {}, element("i", {{"class", "swatch " + std::string(colour)}}) + escaped(meaning));
  return element("p", {{"class", "legend"}}, result);
}

std::string time_chart(const comparison& x) {
  double top = 0;
  for (const comparison_result& r : x.results)
    top = std::max(top, r.max);
  const axis scale{round_ticks(top, 5), [](double s) { return fmt::format("{:g} s", s); }};
  std::string rows;
  for (const comparison_result& r : x.results) {
    const std::string times = r.speedup_reason.empty() ? element("small", {}, short_number(r.speedup) + " x") : "";
    rows += row(x, r, grid(scale) + time_marks(r, scale), short_time(r.median) + times);
  }
  return chart(rows + axis_row(scale));
}

std::string shares_chart(const comparison& x) {
  const axis scale{{0, 0.25, 0.5, 0.75, 1}, short_percent};
  const bool learns = comparison_stages().at(x.context.stage).learns;
  std::string rows;
  for (const comparison_result& r : x.results)
    rows +=
        row(x, r,
            stacked({{"startup", r.shares.startup, r.name + ", start-up"},
                     {"compute", r.shares.compute, r.name + (learns ? ", learning" : ", compute")},
                     {"transfer", r.shares.transfer, r.name + (learns ? ", other CPU" : ", transfer and coordination")},
                     {"idle", r.shares.idle, r.name + ", idle"}},
                    scale),
            short_percent(r.shares.compute) + element("small", {}, learns ? "learning" : "compute"));
  return chart(rows + axis_row(scale));
}

std::string cpu_chart(const comparison& x) {
  return stacked_chart(x, short_time, [](const comparison_result& r) {
    return std::vector<segment>{{"user", r.user, r.name + ", user"}, {"system", r.system, r.name + ", system"}};
  });
}

std::string memory_chart(const comparison& x) {
  return stacked_chart(x, short_bytes, [](const comparison_result& r) {
    const repetition& run = r.repetitions[r.median_repetition];
    return std::vector<segment>{
        {"leader", static_cast<double>(run.leader_peak_rss_bytes), r.name + ", leader"},
        {"workers", static_cast<double>(run.worker_peak_rss_bytes), r.name + ", sum of the workers"}};
  });
}

} // namespace fugato
