// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/describe_page.hpp"

#include "config/base64.hpp"
#include "config/version.hpp"
#include "report/describe_text.hpp"
#include "report/format.hpp"
#include "report/page.hpp"
#include "report/picture_assets.hpp"
#include "report/plot.hpp"
#include "report/png.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace fugato {
namespace {

using nlohmann::json;

constexpr std::size_t colours = 10; ///< that the page has for classes

/// Of points: classes beyond the last colour have the same colours in another shape.
constexpr std::array<const char*, 4> shapes{"circle", "triangle", "rect", "rectRot"};

std::string colour_of_class(std::size_t i) { return fmt::format("--c{}", i % colours); }

std::string shown(const std::string& label) { return label.empty() ? "(no label)" : label; }

std::string number(double x) { return std::isfinite(x) ? fmt::format("{:.4g}", x) : "-"; }

/// JSON has no NaN; four digits suffice for a picture.
json rounded(double x) { return std::isfinite(x) ? json(std::stod(fmt::format("{:.4g}", x))) : json(nullptr); }

std::vector<std::string> labels_of(const table_profile& x) {
  std::vector<std::string> result;
  for (const class_count& c : x.classes)
    result.push_back(c.label);
  return result;
}

std::string keys(const table_profile& x) {
  std::uint64_t gaps = 0;
  for (const column_profile& c : x.columns)
    gaps += c.nulls + c.nans + c.infinities + c.texts;
  return key_figures(
      {{"rows", std::to_string(x.rows), "chunks of tracks, or tracks"},
       {"features", std::to_string(x.features), "columns of numbers"},
       {"tracks", x.tracks > 0 ? std::to_string(x.tracks) : "-",
        x.tracks > 0 ? fmt::format("{:.1f} rows each", static_cast<double>(x.rows) / static_cast<double>(x.tracks))
                     : "the table does not say"},
       {"classes", x.classes.empty() ? "-" : std::to_string(x.classes.size()),
        x.classes.empty() ? "the table has no labels" : "column " + x.label_column},
       {"gaps", std::to_string(gaps), "cells without a finite number"}});
}

std::string class_section(const table_profile& x) {
  if (x.classes.empty())
    return "";
  json names = json::array();
  json rows = json::array();
  json fill = json::array();
  json tips = json::array();
  for (std::size_t i = 0; i < x.classes.size(); ++i) {
    const class_count& c = x.classes[i];
    names.push_back(shown(c.label));
    rows.push_back(c.rows);
    fill.push_back(colour_of_class(i));
    tips.push_back(counted(static_cast<double>(c.rows), "row") + ", " + short_percent(c.share) +
                   (x.tracks > 0 ? ", " + counted(static_cast<double>(c.tracks), "track") : ""));
  }
  const json config{{"type", "bar"},
                    {"data",
                     {{"labels", names},
                      {"datasets", {{{"label", "rows"}, {"data", rows}, {"backgroundColor", fill}, {"tips", tips}}}}}},
                    {"options",
                     {{"indexAxis", "y"},
                      {"plugins", {{"legend", {{"display", false}}}}},
                      {"scales", {{"x", {{"beginAtZero", true}, {"title", {{"display", true}, {"text", "rows"}}}}}}}}}};
  const auto height = static_cast<unsigned>(70 + 22 * std::min<std::size_t>(x.classes.size(), 60));
  return section(
      "Classes", "How many rows (chunks) and tracks each class has.",
      element("div", {{"class", "card"}}, chart_canvas({"classes", "Rows of each class", height, config.dump()})));
}

std::string oddity_section(const table_profile& x) {
  const std::vector<std::string> all = oddities(x);
  std::string content;
  for (const std::string& sentence : all)
    content += paragraph(sentence);
  if (all.empty())
    content = paragraph("Nothing: no gaps, no constant or repeated columns, no repeated rows.");
  return section("What is odd", "", element("div", {{"class", all.empty() ? "card" : "card warning"}}, content));
}

std::string statistics_section(const table_profile& x) {
  table_rows rows{{"feature", "dtype", "count", "mean", "std", "min", "25 %", "50 %", "75 %", "max", "distinct",
                   "between classes"}};
  for (const column_profile& c : x.columns)
    rows.push_back({c.name, c.dtype, std::to_string(c.count), number(c.mean), number(c.std), number(c.spread.min),
                    number(c.spread.q1), number(c.spread.median), number(c.spread.q3), number(c.spread.max),
                    std::to_string(c.distinct), c.classes.empty() ? "-" : short_percent(c.between_classes)});
  return section(
      "Features",
      "Of the finite values. Between classes: the share of the variance that lies between the classes' means "
      "(eta squared); the rest lies within them.",
      element("div", {{"class", "tall"}}, table(rows, 2)));
}

/// The five numbers of each class for each feature, and a chart that report/describe_page.js fills.
std::string distribution_section(const table_profile& x) {
  json labels = json::array();
  for (const std::string& label : labels_of(x))
    labels.push_back(shown(label));
  if (labels.empty())
    labels.push_back("all rows");
  json fill = json::array();
  for (std::size_t i = 0; i < labels.size(); ++i)
    fill.push_back(colour_of_class(i));
  json features = json::array();
  for (const column_profile& c : x.columns) {
    if (c.count == 0)
      continue;
    json boxes = json::array();
    const auto add = [&boxes](const five_numbers& f) {
      boxes.push_back({rounded(f.min), rounded(f.whisker_low), rounded(f.q1), rounded(f.median), rounded(f.q3),
                       rounded(f.whisker_high), rounded(f.max), f.count});
    };
    if (c.classes.empty())
      add(c.spread);
    for (const class_spread& s : c.classes)
      add(s.of);
    features.push_back({{"name", c.name}, {"between", rounded(c.between_classes)}, {"boxes", boxes}});
  }
  const json data{{"labels", labels}, {"colours", fill}, {"features", features}};
  const auto height = std::to_string(80 + 30 * std::min<std::size_t>(labels.size(), 40));
  const std::string select = element(
      "p", {},
      element("label", {}, "Feature " + element("select", {{"id", "feature"}})) + " " +
          element("label", {},
                  "sorted by " + element("select", {{"id", "sorting"}},
                                         element("option", {{"value", "between"}}, "what tells classes apart best") +
                                             element("option", {{"value", "table"}}, "their place in the table"))));
  const std::string canvas =
      element("div", {{"class", "canvas"}, {"style", "height:" + height + "px"}},
              element("canvas", {{"id", "boxes"}, {"role", "img"}, {"aria-label", "Box plot of a feature by class"}}));
  return section("Distributions",
                 "Boxes reach from the lower to the upper quartile, with the median as a line; whiskers to the last "
                 "values within 1.5 times the box's length. What lies beyond is not drawn.",
                 element("div", {{"class", "card"}}, select + canvas) + data_element("distributions", data.dump()));
}

/// r as bytes, 100 r rounded; -128 where there is none.
std::string bytes_of(const std::vector<double>& r) {
  std::string result;
  for (const double x : r)
    result += static_cast<char>(std::isfinite(x) ? std::lround(100 * x) : -128);
  return result;
}

std::string pair_table(const table_profile& x) {
  constexpr std::size_t most = 200;
  table_rows rows{{"feature", "goes with", "r"}};
  for (std::size_t i = 0; i < std::min(most, x.pairs.size()); ++i)
    rows.push_back({x.pairs[i].a, x.pairs[i].b, fmt::format("{:+.3f}", x.pairs[i].r)});
  const std::string rest =
      x.pairs.size() > most ? paragraph(fmt::format("And {} more.", x.pairs.size() - most)) : std::string();
  return element("h3", {}, escaped(fmt::format("Pairs with |r| > {:g}: {}", x.threshold, x.pairs.size()))) +
         (x.pairs.empty() ? paragraph("None.") : element("div", {{"class", "tall"}}, table(rows, 2)) + rest);
}

std::string correlation_section(const table_profile& x) {
  const correlation_matrix& m = x.correlation;
  const std::size_t n = m.columns.size();
  if (n < 2)
    return "";
  grid values{n, n, std::vector<float>(n * n)};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) // the first row on top; red for +1
      values.at(n - 1 - i, j) = static_cast<float>(std::isfinite(m.r[i * n + j]) ? -m.r[i * n + j] : 0);
  json names = m.columns;
  const json data{{"columns", names}, {"r", base64(bytes_of(m.r))}};
  std::string list;
  if (n <= 120)
    for (const std::string& name : m.columns)
      list += element("li", {}, escaped(name));
  const std::string picture =
      element("img", {{"id", "heat"},
                      {"class", "pixels"},
                      {"alt", "Correlation of each feature with each, in clustered order"},
                      {"src", data_uri("image/png", png_of(values, -1, 1, colour_maps().at("rdbu")))}});
  const std::string legend =
      element("p", {{"class", "legend"}},
              "<span>r = +1 <img class=\"ramp\" width=\"128\" height=\"10\" alt=\"colours from +1 to -1\" src=\"" +
                  ramp_uri("rdbu") + "\"> &minus;1</span>" + element("span", {{"id", "pair"}}, "Point at a square."));
  return section("Correlation",
                 "Pearson's r of each feature with each. Features that go together stand together: average linkage of "
                 "1 - |r|.",
                 element("div", {{"class", "card"}},
                         legend + element("div", {{"class", "heatmap"}}, element("ol", {}, list) + picture)) +
                     data_element("correlation", data.dump()) + pair_table(x));
}

std::string component_name(const projection& p, std::size_t k) {
  return fmt::format("PC{} ({:.1f} % of the variance)", k + 1, 100 * p.explained[k]);
}

/// The heaviest columns of both components, side by side.
std::string weights_table(const projection& p) {
  table_rows rows{{"PC1", "weight", "PC2", "weight"}};
  const std::size_t half = p.weights.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const correlated_pair& first = p.weights[i];
    const correlated_pair& second = p.weights[half + i];
    rows.push_back({first.a, fmt::format("{:+.3f}", first.r), second.a, fmt::format("{:+.3f}", second.r)});
  }
  return table(rows, 3);
}

std::string projection_section(const table_profile& x) {
  const projection& p = x.pca;
  if (!p.problem.empty())
    return section("Projection", "", paragraph("There is none: " + p.problem + "."));
  std::vector<std::string> labels = labels_of(x);
  if (labels.empty())
    labels.emplace_back();
  json sets = json::array();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    json points = json::array();
    json tips = json::array();
    for (const projected_point& at : p.points)
      if (at.label == labels[i]) {
        points.push_back({{"x", rounded(at.x)}, {"y", rounded(at.y)}});
        tips.push_back(at.label.empty() ? at.name : at.name + " (" + at.label + ")");
      }
    sets.push_back({{"label", x.classes.empty() ? p.points_are : shown(labels[i])},
                    {"data", points},
                    {"tips", tips},
                    {"backgroundColor", colour_of_class(i) + "/0.7"},
                    {"pointRadius", p.points.size() > 2000 ? 2 : 3},
                    {"pointStyle", shapes[i / colours % shapes.size()]},
                    {"pointHoverRadius", 6}});
  }
  const auto scale = [&p](std::size_t k) {
    return json{{"title", {{"display", true}, {"text", component_name(p, k)}}}};
  };
  const json config{{"type", "scatter"},
                    {"data", {{"datasets", sets}}},
                    {"options", {{"scales", {{"x", scale(0)}, {"y", scale(1)}}}}}};
  return section(
      "Projection",
      fmt::format("Principal components of {} standardised features{}. A point is {}; click a class to hide "
                  "it.",
                  p.columns, left_out_text(p), p.points_are == "tracks" ? "a track: the mean of its rows" : "a row",
                  p.points.size() < p.points_of ? fmt::format(" ({} of {})", p.points.size(), p.points_of) : ""),
      element("div", {{"class", "card"}},
              chart_canvas({"projection", "Tracks along the first two principal components", 560, config.dump()})) +
          element("h3", {}, "What the components are made of") + weights_table(p));
}

} // namespace

std::string describe_page(const table_profile& x) {
  const build_info build = this_build();
  const std::string content =
      element("h1", {}, escaped(x.source)) + keys(x) + oddity_section(x) + class_section(x) + projection_section(x) +
      distribution_section(x) + correlation_section(x) + statistics_section(x) +
      element("footer", {},
              paragraph(fmt::format("Fugato {} {}. Colours of the correlation: RdBu of ColorBrewer.", build.version,
                                    build.commit)));
  return page("Description of " + x.source, content, assets::describe_js);
}

} // namespace fugato
