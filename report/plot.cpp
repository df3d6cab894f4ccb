// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/plot.hpp"

#include "report/html.hpp"
#include "report/png.hpp"
#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fugato {
namespace {

/// The class of each tone, in its order.
constexpr std::array<const char*, 6> classes{"first", "second", "third", "quiet", "light", "vivid"};

/// What report/page.css says of plots, in light colours, for files.
constexpr const char* file_style =
    "text{font:13px 'DejaVu Sans',sans-serif;fill:#444}.title{font-size:16px;font-weight:bold;fill:#1b1b1a}"
    ".frame{fill:none;stroke:#bbb}.mark{stroke:#bbb}.grid{stroke:#e2e1dc}"
    "polyline{fill:none;stroke-width:1.4;stroke-linejoin:round}polygon{stroke:none}"
    ".halo{stroke:#000;stroke-opacity:.55;stroke-width:3.2}"
    "polyline.first{stroke:#2a6fc9}polyline.second{stroke:#dc6a2c}polyline.third{stroke:#1f9e75}"
    "polyline.light{stroke:#fff}polyline.vivid{stroke:#5fe3ff}"
    "polygon.first{fill:#2a6fc9}polygon.second{fill:#dc6a2c;fill-opacity:.75}polygon.third{fill:#1f9e75}"
    "line.quiet{stroke:#8a8880}line.second{stroke:#dc6a2c;stroke-opacity:.7}"
    "circle{stroke:#fff;stroke-width:.5}circle.first{fill:#2a6fc9}circle.second{fill:#dc6a2c}"
    "rect.first{fill:#2a6fc9}rect.second{fill:#dc6a2c}rect.third{fill:#1f9e75}rect.quiet{fill:#8a8880}"
    "rect.light{fill:#fff;stroke:#777}rect.vivid{fill:#5fe3ff;stroke:#777}";

/// Curves have whole coordinates in a square of this size, which stretches.
constexpr double square = 2000;

std::string class_of(tone x) { return classes[static_cast<std::size_t>(x)]; }

/// Where curves have their coordinates: a square that stretches with the page, or the pixels of a file.
struct canvas {
  double width = square;
  double height = square;
  bool stretches = true;
};

/// Points from `begin` on, up to where a value is no number. @returns that place
std::size_t add_stretch(const plot& what, const canvas& on, const std::vector<double>& x, const std::vector<double>& y,
                        std::size_t begin, std::string& points) {
  const int digits = on.stretches ? 0 : 1;
  std::size_t i = begin;
  for (; i < std::min(x.size(), y.size()) && std::isfinite(y[i]); ++i)
    points += fmt::format("{}{:.{}f},{:.{}f}", i == begin ? "" : " ", on.width * what.x.place(x[i]), digits,
                          on.height * (1 - std::clamp(what.y.place(y[i]), 0.0, 1.0)), digits);
  return i;
}

/// The stretches of a curve, interrupted where a value is no number.
std::vector<std::string> stretches(const plot& what, const canvas& on, const line& x) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < std::min(x.x.size(), x.y.size()); ++i) {
    std::string points;
    i = add_stretch(what, on, x.x, x.y, i, points);
    if (!points.empty())
      result.push_back(std::move(points));
  }
  return result;
}

std::string drawn_on(const canvas& on, const std::string& content) {
  if (!on.stretches)
    return content;
  return element("svg",
                 {{"width", "100%"},
                  {"height", "100%"},
                  {"viewBox", fmt::format("0 0 {:.0f} {:.0f}", on.width, on.height)},
                  {"preserveAspectRatio", "none"}},
                 content);
}

/// Draws layers one by one. What `drawn` has of pictures is referred to.
struct painter {
  const plot& what;
  const std::string& scope;
  std::set<std::string>& drawn;
  canvas on;

  std::string operator()(const picture& x) const {
    const std::string id = scope + "-" + x.name;
    if (!drawn.insert(id).second)
      return element("use", {{"href", "#" + id}});
    return element("image", {{"id", id},
                             {"width", "100%"},
                             {"height", "100%"},
                             {"preserveAspectRatio", "none"},
                             {"href", data_uri("image/png", x.png)}});
  }
  std::string operator()(const band& x) const {
    std::vector<double> across = x.x;
    std::vector<double> up = x.high;
    across.insert(across.end(), x.x.rbegin(), x.x.rend());
    up.insert(up.end(), x.low.rbegin(), x.low.rend());
    std::string all;
    add_stretch(what, on, across, up, 0, all);
    return drawn_on(on, element("polygon", {{"class", class_of(x.look)}, {"points", all}}));
  }
  std::string operator()(const line& x) const {
    const std::vector<std::string> parts = stretches(what, on, x);
    const auto drawn_as = [&parts](const std::string& look) {
      std::string result;
      for (const std::string& part : parts)
        result += element("polyline", {{"class", look}, {"vector-effect", "non-scaling-stroke"}, {"points", part}});
      return result;
    };
    const bool over_picture = x.look == tone::light || x.look == tone::vivid;
    return drawn_on(on, (over_picture ? drawn_as("halo") : "") + drawn_as(class_of(x.look)));
  }
  std::string operator()(const rules& x) const {
    std::string result;
    for (const double at : x.x) {
      const std::string place = percent(what.x.place(at));
      result +=
          element("line", {{"class", class_of(x.look)}, {"x1", place}, {"x2", place}, {"y1", "0"}, {"y2", "100%"}});
    }
    return result;
  }
  std::string operator()(const dots& x) const {
    std::string result;
    for (std::size_t i = 0; i < x.x.size(); ++i)
      result += element("circle", {{"class", class_of(x.look)},
                                   {"cx", percent(what.x.place(x.x[i]))},
                                   {"cy", percent(1 - what.y.place(x.y[i]))},
                                   {"r", "3"}});
    return result;
  }
};

bool has_picture(const plot& x) {
  return std::ranges::any_of(x.layers, [](const layer& l) { return std::holds_alternative<picture>(l); });
}

/// Marks and their texts; lines across where there is no picture to hide.
std::string axes_of(const plot& x, unsigned height, bool lines) {
  std::string result;
  for (const tick& t : x.y.ticks) {
    const double place = 1 - x.y.place(t.at);
    const std::string y = percent(place);
    result += element("line", {{"class", "mark"}, {"x1", "-4"}, {"x2", "0"}, {"y1", y}, {"y2", y}});
    if (lines)
      result += element("line", {{"class", "grid"}, {"x1", "0"}, {"x2", "100%"}, {"y1", y}, {"y2", y}});
    result +=
        element("text", {{"x", "-7"}, {"y", pixels(place * height + 4)}, {"text-anchor", "end"}}, escaped(t.text));
  }
  for (const tick& t : x.x.ticks) {
    const std::string at = percent(x.x.place(t.at));
    result +=
        element("line",
                {{"class", "mark"}, {"x1", at}, {"x2", at}, {"y1", pixels(height)}, {"y2", pixels(height + 4.0)}}) +
        element("text", {{"x", at}, {"y", pixels(height + 17.0)}, {"text-anchor", "middle"}}, escaped(t.text));
  }
  return result + element("text", {{"x", "-42"}, {"y", "-7"}}, escaped(x.y.name)) +
         element("text", {{"x", "100%"}, {"y", pixels(height + 31.0)}, {"text-anchor", "end"}}, escaped(x.x.name));
}

std::string area(const plot& x, unsigned height, const std::string& scope, std::set<std::string>& drawn,
                 const canvas& on) {
  const bool pictured = has_picture(x);
  std::string result = axes_of(x, height, !pictured);
  for (const layer& l : x.layers)
    result += std::visit(painter{x, scope, drawn, on}, l);
  return result + element("rect", {{"class", "frame"}, {"width", "100%"}, {"height", "100%"}});
}

grid ramp() {
  grid result{1, 128, std::vector<float>(128)};
  for (std::size_t i = 0; i < result.columns; ++i)
    result.values[i] = static_cast<float>(i);
  return result;
}

/// Title, remark and legend of a file.
std::string file_legend(const plot& x, unsigned width, double left) {
  std::string result =
      element("text", {{"class", "title"}, {"x", "20"}, {"y", "28"}}, escaped(x.title)) +
      element("text", {{"x", pixels(width - 20.0)}, {"y", "28"}, {"text-anchor", "end"}}, escaped(x.remark));
  double at = left;
  const auto add_text = [&](const std::string& text) {
    result += element("text", {{"x", pixels(at)}, {"y", "56"}}, escaped(text));
    at += 8.2 * static_cast<double>(text.size()) + 20; // no letter is wider on average
  };
  for (const legend_entry& entry : x.legend) {
    result += element(
        "rect", {{"class", class_of(entry.look)}, {"x", pixels(at)}, {"y", "45"}, {"width", "12"}, {"height", "12"}});
    at += 19;
    add_text(entry.text);
  }
  if (x.colours.map.empty())
    return result;
  add_text(x.colours.low);
  at -= 12;
  result += element("image", {{"x", pixels(at)},
                              {"y", "45"},
                              {"width", "160"},
                              {"height", "12"},
                              {"preserveAspectRatio", "none"},
                              {"href", ramp_uri(x.colours.map)}});
  at += 168;
  add_text(x.colours.high);
  return result;
}

std::string short_hz(double hz) { return hz >= 1000 ? fmt::format("{:g}k", hz / 1000) : fmt::format("{:g}", hz); }

} // namespace

axis linear_axis(std::string name, double low, double high, int count) {
  axis result{std::move(name), {}, [low, high](double x) { return (x - low) / (high - low); }};
  for (; result.ticks.size() < 3 && count < 20; ++count) {
    const std::vector<double> round = round_ticks(high - low, count);
    const double step = round[1] - round[0];
    result.ticks.clear();
    for (double at = std::ceil(low / step - 1e-9) * step; at <= high + step * 1e-6; at += step)
      result.ticks.push_back({at, fmt::format("{:.6g}", std::abs(at) < step * 1e-6 ? 0 : at)});
  }
  return result;
}

axis log_axis(std::string name, double low, double high) {
  axis result{std::move(name), {}, [low, high](double x) { return std::log(x / low) / std::log(high / low); }};
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10)
    for (const double digit : {1, 2, 5})
      if (digit * power >= low && digit * power <= high)
        result.ticks.push_back({digit * power, short_hz(digit * power)});
  return result;
}

std::string plot_svg(const plot& x, unsigned height, const std::string& scope, std::set<std::string>& drawn,
                     double seconds) {
  const std::string head =
      seconds > 0 ? element("line", {{"class", "head"}, {"y1", "0"}, {"y2", "100%"}, {"visibility", "hidden"}}) : "";
  return element("svg",
                 {{"class", "plot"},
                  {"height", std::to_string(height)},
                  {"role", "img"},
                  {"aria-label", x.title + (x.remark.empty() ? "" : ": " + x.remark)},
                  {"data-seconds", seconds > 0 ? fmt::format("{:.3f}", seconds) : ""}},
                 area(x, height, scope, drawn, {}) + head);
}

std::string ramp_uri(const std::string& map) {
  return data_uri("image/png", png_of(ramp(), 0, 127, colour_maps().at(map), 128));
}

std::string plot_legend(const plot& x) {
  std::string result;
  for (const legend_entry& entry : x.legend)
    result += element("span", {}, element("i", {{"class", "swatch " + class_of(entry.look)}}) + escaped(entry.text));
  if (!x.colours.map.empty())
    result += "<span>" + escaped(x.colours.low) +
              " <img class=\"ramp\" width=\"128\" height=\"10\" alt=\"colours from low to high\" src=\"" +
              ramp_uri(x.colours.map) + "\"> " + escaped(x.colours.high) + "</span>";
  return result.empty() ? result : element("p", {{"class", "legend"}}, result);
}

std::string plot_file(const plot& x, unsigned width, unsigned height) {
  constexpr unsigned left = 70;
  constexpr unsigned top = 84;
  constexpr unsigned right = 24;
  constexpr unsigned bottom = 44;
  std::set<std::string> drawn;
  const unsigned inner = height - top - bottom;
  const canvas pixels_of_file{static_cast<double>(width - left - right), static_cast<double>(inner), false};
  const std::string content = element("style", {}, file_style) +
                              element("rect", {{"width", "100%"}, {"height", "100%"}, {"fill", "#fff"}}) +
                              file_legend(x, width, left) +
                              element("svg",
                                      {{"x", std::to_string(left)},
                                       {"y", std::to_string(top)},
                                       {"width", std::to_string(width - left - right)},
                                       {"height", std::to_string(inner)},
                                       {"overflow", "visible"}},
                                      area(x, inner, "plot", drawn, pixels_of_file));
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         element("svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"width", std::to_string(width)},
                  {"height", std::to_string(height)},
                  {"viewBox", fmt::format("0 0 {} {}", width, height)}},
                 content) +
         "\n";
}

} // namespace fugato
