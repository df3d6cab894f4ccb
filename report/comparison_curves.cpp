// SPDX-License-Identifier: GPL-3.0-or-later
// Speed-up and efficiency against workers.
#include "report/comparison_charts.hpp"
#include "report/format.hpp"
#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace fugato {
namespace {

constexpr double width = 280;
constexpr double height = 190;
constexpr double left = 42;
constexpr double right = width - 12;
constexpr double top = 12;
constexpr double bottom = height - 24;

/// A plane of [0, x_max] x [0, y_max].
struct plane {
  double x_max;
  std::vector<double> y_ticks;

  double y_max() const { return y_ticks.back(); }
  double x(double value) const { return left + value / x_max * (right - left); }
  double y(double value) const { return bottom - value / y_max() * (bottom - top); }
};

std::string line(const char* colour, double x1, double y1, double x2, double y2, const std::string& content = "") {
  return element("line",
                 {{"class", colour}, {"x1", pixels(x1)}, {"y1", pixels(y1)}, {"x2", pixels(x2)}, {"y2", pixels(y2)}},
                 content);
}

std::string text(double x, double y, const char* anchor, const std::string& content) {
  return element("text", {{"x", pixels(x)}, {"y", pixels(y)}, {"text-anchor", anchor}}, escaped(content));
}

/// `f` from `from` workers on, as long as it stays in the plane.
std::string curve(const char* colour, const plane& p, double from, const std::function<double(double)>& f,
                  const std::string& meaning) {
  constexpr int steps = 60;
  std::string points;
  for (int i = 0; i <= steps; ++i) {
    const double n = from + (p.x_max - from) * i / steps;
    if (const double value = f(n); value >= 0 && value <= p.y_max())
      points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", p.x(n), p.y(value));
  }
  return element("polyline", {{"class", colour}, {"points", points}}, tooltip(meaning));
}

using result_list = std::vector<const comparison_result*>;
using value_of = std::function<double(const comparison_result&)>;

std::string frame(const plane& p, const result_list& cells, bool in_percent) {
  std::string result;
  for (const double tick : p.y_ticks)
    result += line("grid", left, p.y(tick), right, p.y(tick)) +
              text(left - 6, p.y(tick) + 4, "end", in_percent ? short_percent(tick) : fmt::format("{:g}", tick));
  double last = -100;
  for (const comparison_result* r : cells)
    if (const double at = p.x(r->workers); at - last > 18) {
      result += text(at, bottom + 16, "middle", std::to_string(r->workers));
      last = at;
    }
  return result;
}

/// The measured points, joined; each with the range that the slowest and the fastest repetition span.
std::string points(const plane& p, const result_list& cells, const value_of& value, bool in_percent) {
  std::string joined;
  std::string marks;
  for (const comparison_result* r : cells) {
    const double here = value(*r);
    const double x = p.x(r->workers);
    joined += fmt::format("{}{:.1f},{:.1f}", joined.empty() ? "" : " ", x, p.y(here));
    marks += line("range", x, p.y(here * r->median / r->max), x, p.y(std::min(p.y_max(), here * r->median / r->min))) +
             element("circle", {{"class", "dot solid"}, {"cx", pixels(x)}, {"cy", pixels(p.y(here))}, {"r", "4"}},
                     tooltip(r->name + ": " + (in_percent ? short_percent(here) : short_number(here))));
  }
  return element("polyline", {{"class", "measured"}, {"points", joined}}) + marks;
}

std::string figure(const std::string& title, const std::string& content) {
  return element("figure", {},
                 element("figcaption", {}, escaped(title)) +
                     element("svg", {{"viewBox", fmt::format("0 0 {} {}", width, height)}}, content));
}

double most(const result_list& cells, const value_of& value) {
  double result = 0;
  for (const comparison_result* r : cells)
    result = std::max(result, value(*r));
  return result;
}

std::string speedup_figure(const result_list& cells, double fit, std::uint32_t cores, std::string_view baseline) {
  const double x_max = cells.back()->workers * 1.04;
  const auto speedup = [](const comparison_result& r) { return r.speedup; };
  const double tallest = std::max({1.0, most(cells, speedup), std::min<double>(cores, cells.back()->workers)});
  const plane p{x_max, round_ticks(tallest * 1.08, 4)};
  std::string content = frame(p, cells, false);
  if (cores <= p.y_max())
    content += line("cores", left, p.y(cores), right, p.y(cores), tooltip(counted(cores, "core"))) +
               text(right, p.y(cores) - 4, "end", counted(cores, "core"));
  const double reach = std::min(x_max, p.y_max());
  content += line("ideal", p.x(0), p.y(0), p.x(reach), p.y(reach), tooltip("ideal: speed-up = workers"));
  if (std::isfinite(fit))
    content += curve(
        "fit", p, 1, [fit](double n) { return 1 / (fit + (1 - fit) / n); },
        "Amdahl, serial part " + short_percent(fit));
  return figure("speed-up over " + std::string(baseline), content + points(p, cells, speedup, false));
}

std::string efficiency_figure(const result_list& cells, double fit) {
  const auto efficiency = [](const comparison_result& r) { return r.efficiency; };
  const plane p{cells.back()->workers * 1.04, round_ticks(std::max(1.0, most(cells, efficiency) - 0.02), 4)};
  std::string content = frame(p, cells, true) + line("ideal", left, p.y(1), right, p.y(1), tooltip("ideal: 100 %"));
  if (std::isfinite(fit))
    content += curve(
        "fit", p, 1, [fit](double n) { return 1 / (fit * n + 1 - fit); }, "Amdahl, serial part " + short_percent(fit));
  return figure("efficiency: speed-up / workers", content + points(p, cells, efficiency, true));
}

std::string card(const result_list& cells, const amdahl_fit& fit, std::uint32_t cores, std::string_view baseline) {
  const bool fitted = std::isfinite(fit.serial_fraction);
  const std::string caption = fitted ? "Amdahl fit: serial part " + short_percent(fit.serial_fraction) +
                                           (fit.serial_fraction > 1 ? ", more than all: workers cost time" : "")
                                     : "no Amdahl fit: " + fit.serial_fraction_reason;
  return element("div", {{"class", "card"}},
                 element("h3", {}, escaped(fit.policy)) + element("p", {{"class", "note"}}, escaped(caption)) +
                     element("div", {{"class", "pair"}},
                             speedup_figure(cells, fit.serial_fraction, cores, baseline) +
                                 efficiency_figure(cells, fit.serial_fraction)));
}

} // namespace

std::string scaling_charts(const comparison& x) {
  std::string cards;
  for (const amdahl_fit& fit : x.amdahl) {
    result_list cells;
    for (const comparison_result& r : x.results)
      if (r.policy == fit.policy && std::isfinite(r.speedup))
        cells.push_back(&r);
    std::sort(cells.begin(), cells.end(), [](const auto* a, const auto* b) { return a->workers < b->workers; });
    if (cells.size() > 1)
      cards += card(cells, fit, x.context.num_cpus, comparison_stages().at(x.context.stage).baseline);
  }
  return element("div", {{"class", "cards wide"}}, cards);
}

} // namespace fugato
