// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

/// Figures with axes, as SVG: described once, drawn into a page, where they stretch and take the page's colours, or as
/// a file of their own.
namespace fugato {

/// A mark beside an axis.
struct tick {
  double at; ///< where, as a value of the axis
  std::string text;
};

/// How values become places.
struct axis {
  std::string name;                    ///< with its unit
  std::vector<tick> ticks;             ///< low first
  std::function<double(double)> place; ///< of a value: 0 at the beginning of the axis, 1 at its end
};

/// From `low` to `high`, with round numbers as marks, about `count` of them and at least three.
axis linear_axis(std::string name, double low, double high, int count = 5);

/// The same for logarithms; marks at 1, 2 and 5 times powers of ten. @param low positive
axis log_axis(std::string name, double low, double high);

/// How a layer looks, by what it is for.
enum class tone { first, second, third, quiet, light, vivid };

/// A picture that fills the plot.
struct picture {
  std::string name; ///< unique among the pictures of a track: drawn twice, a page holds it once
  std::string png;
};
/// From one line to another.
struct band {
  std::vector<double> x, low, high;
  tone look = tone::first;
};
/// Interrupted where y is no number.
struct line {
  std::vector<double> x, y;
  tone look = tone::first;
};
/// Lines from bottom to top.
struct rules {
  std::vector<double> x;
  tone look = tone::quiet;
};
struct dots {
  std::vector<double> x, y;
  tone look = tone::second;
};
using layer = std::variant<picture, band, line, rules, dots>;

struct legend_entry {
  tone look;
  std::string text;
};

/// What the colours of a picture stand for.
struct colour_bar {
  std::string map; ///< of the colour maps; empty: none
  std::string low, high;
};

struct plot {
  std::string title;
  std::string remark; ///< figures that belong to it
  axis x, y;
  std::vector<layer> layers;
  std::vector<legend_entry> legend;
  colour_bar colours;
};

/// The plot as part of a page, as wide as what it stands in.
/// @param height of its area [px] @param scope makes the names of pictures unique in the page
/// @param drawn pictures that the page has already; those of this plot are added
/// @param seconds where it is given, what the x axis is long: a playhead can be shown (report/explore_page.js)
std::string plot_svg(const plot& x, unsigned height, const std::string& scope, std::set<std::string>& drawn,
                     double seconds = 0);

/// The colours that a legend explains, as part of a page.
std::string plot_legend(const plot& x);

/// All colours of a map in a row, as an image's address.
std::string ramp_uri(const std::string& map);

/// The plot with its title and legend as an SVG file, in light colours.
std::string plot_file(const plot& x, unsigned width, unsigned height);

} // namespace fugato
