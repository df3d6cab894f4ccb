// SPDX-License-Identifier: GPL-3.0-or-later
// What a search for parameters found.
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "report/run_page_parts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace fugato {
namespace {

using fmt::format;
using nlohmann::json;

std::optional<double> number_in(const std::string& text) {
  double result = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(result) : std::nullopt;
}

/// The values of one parameter over the cells.
struct tried_values {
  std::vector<std::string> different; ///< numbers ascending, words in the order of the search
  bool scaled = false;                ///< so many numbers that the axis is one of numbers
  bool logarithmic = false;
};

tried_values values_of(const std::vector<const tuning_cell*>& cells, std::size_t parameter) {
  constexpr std::size_t most_apart = 12;
  constexpr double decades = 100;
  tried_values result;
  bool numbers = true;
  for (const tuning_cell* x : cells) {
    const std::string& value = x->choices.at(parameter).value;
    numbers = numbers && number_in(value);
    if (std::find(result.different.begin(), result.different.end(), value) == result.different.end())
      result.different.push_back(value);
  }
  if (!numbers)
    return result;
  std::sort(result.different.begin(), result.different.end(),
            [](const std::string& a, const std::string& b) { return number_in(a) < number_in(b); });
  result.scaled = result.different.size() > most_apart;
  const double least = *number_in(result.different.front());
  result.logarithmic = result.scaled && least > 0 && *number_in(result.different.back()) > decades * least;
  return result;
}

json axis_of(const tried_values& values, const std::string& name) {
  json axis{{"title", {{"display", true}, {"text", name}}}};
  axis["type"] = !values.scaled ? "category" : values.logarithmic ? "logarithmic" : "linear";
  if (!values.scaled) {
    axis["labels"] = values.different;
    axis["offset"] = true;
  }
  return axis;
}

/// One point a cell: the metric over a parameter's values.
std::string parameter_chart(const tuning_report& x, const std::vector<const tuning_cell*>& cells,
                            std::size_t parameter) {
  const std::string& name = cells.front()->choices.at(parameter).name;
  const tried_values values = values_of(cells, parameter);
  json points = json::array();
  json tips = json::array();
  json colours = json::array();
  for (auto at = cells.rbegin(); at != cells.rend(); ++at) { // the best last, on top of the others
    const tuning_cell* cell = *at;
    const std::string& value = cell->choices.at(parameter).value;
    points.push_back({{"x", values.scaled ? json(*number_in(value)) : json(value)}, {"y", cell->figure.mean}});
    tips.push_back(tuning_line(*cell, x.search));
    colours.push_back(cell->rank == 1 ? "--orange" : "--blue/0.6");
  }
  const json dataset{{"data", points}, {"tips", tips}, {"backgroundColor", colours}, {"pointRadius", 5}};
  const json y{{"title", {{"display", true}, {"text", x.search.metric}}}};
  const json config{
      {"type", "scatter"},
      {"data", {{"datasets", {dataset}}}},
      {"options",
       {{"plugins", {{"legend", {{"display", false}}}}}, {"scales", {{"x", axis_of(values, name)}, {"y", y}}}}}};
  return card(name,
              chart_canvas({format("tuning-{}", parameter), x.search.metric + " by " + name, 240, config.dump()}));
}

/// Of a grid of two parameters: the metric where their values meet; empty for what is none.
std::string grid_table(const tuning_report& x, const std::vector<const tuning_cell*>& cells) {
  const std::vector<std::string> down = values_of(cells, 0).different;
  const std::vector<std::string> across = values_of(cells, 1).different;
  if (down.size() * across.size() != x.cells.size())
    return "";
  const auto [low, high] = std::minmax_element(
      cells.begin(), cells.end(), [](const auto* a, const auto* b) { return a->figure.mean < b->figure.mean; });
  const double range = std::max((*high)->figure.mean - (*low)->figure.mean, 1e-12);
  std::vector<heat_row> rows;
  for (const std::string& first : down) {
    heat_row& row = rows.emplace_back(heat_row{first, {}});
    for (const std::string& second : across) {
      const auto at = std::find_if(cells.begin(), cells.end(), [&](const tuning_cell* cell) {
        return cell->choices[0].value == first && cell->choices[1].value == second;
      });
      if (at == cells.end()) {
        row.cells.emplace_back();
        continue;
      }
      const double share = ((*at)->figure.mean - (*low)->figure.mean) / range;
      row.cells.push_back(
          {format("{:.4f}", (*at)->figure.mean), x.higher_is_better ? share : 1 - share, tuning_line(**at, x.search)});
    }
  }
  const auto& names = cells.front()->choices;
  return card(x.search.metric + ", mean over the folds",
              heat_table(names[0].name + " \u2193, " + names[1].name + " \u2192", across, rows));
}

/// Those with something to show; of very many the best.
std::vector<const tuning_cell*> shown_cells(const tuning_report& x) {
  constexpr std::size_t most = 500;
  std::vector<const tuning_cell*> result = best_first(x.cells);
  std::erase_if(result, [](const tuning_cell* cell) { return cell->figure.values == 0; });
  if (result.size() > most)
    result.resize(most);
  return result;
}

} // namespace

std::string tuning_section(const tuning_report& x) {
  const std::vector<const tuning_cell*> cells = shown_cells(x);
  if (cells.empty())
    return "";
  const std::size_t parameters = cells.front()->choices.size();
  std::string content;
  if (parameters == 2)
    content += grid_table(x, cells);
  std::string charts;
  for (std::size_t i = 0; i < parameters; ++i)
    charts += parameter_chart(x, cells, i);
  content += wide_cards(charts) + details("All that was tried", scrolling(table(tuning_lines(x), 1 + parameters)));
  if (x.stopped_by_budget)
    content += warning_box(format("The budget of {} minutes ended before all trials were begun; "
                                  "fugato tune --resume goes on.",
                                  x.budget_minutes));
  if (x.trials_failed > 0)
    content += warning_box(counted(x.trials_failed, "trial") + " failed; tuning.txt tells which, and why.");
  return section(
      "Search for parameters",
      format("{} cells ({}), {} trials of {} folds, {} of CPU. A point is a cell, by the mean of its folds, which are "
             "parts of the training rows; the best is orange, and was learnt again from all of them.",
             x.cells.size(), x.search.method, x.trials, x.search.folds, short_time(x.trial_cpu_seconds)),
      content);
}

} // namespace fugato
