// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/tuning.hpp"

#include "report/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

using fmt::format;

figure_spread figure_of(const tuning_cell& x, const search_metric& metric) {
  std::vector<double> values;
  for (const trial_result& fold : x.folds)
    if ((fold.*metric.level).rows > 0)
      values.push_back(metric.of(fold));
  return spread_of(values);
}

void rank(std::vector<tuning_cell>& cells, const search_settings& settings) {
  const search_metric& metric = search_metrics().at(settings.metric);
  std::vector<tuning_cell*> done;
  for (tuning_cell& x : cells)
    if (x.folds.size() == settings.folds)
      done.push_back(&x);
  std::stable_sort(done.begin(), done.end(), [&](const tuning_cell* a, const tuning_cell* b) {
    return metric.better(a->figure.mean, b->figure.mean);
  });
  for (std::size_t i = 0; i < done.size(); ++i)
    done[i]->rank = static_cast<std::uint32_t>(i + 1);
}

/// The metric of the search, then the others.
std::vector<const search_metric*> metrics_for(const search_settings& settings) {
  std::vector<const search_metric*> result{&search_metrics().at(settings.metric)};
  for (const search_metric& x : search_metrics())
    if (&x != result.front())
      result.push_back(&x);
  return result;
}

table_line heading(const tuning_report& x) {
  table_line result{"rank"};
  for (const search_choice& choice : x.cells.front().choices)
    result.push_back(choice.name);
  for (const search_metric* metric : metrics_for(x.search))
    result.emplace_back(metric->name);
  result.insert(result.end(), {"folds", "fit CPU s"});
  return result;
}

table_line line_of(const tuning_cell& x, const search_settings& settings) {
  table_line result{x.rank > 0 ? fmt::to_string(x.rank) : "-"};
  for (const search_choice& choice : x.choices)
    result.push_back(choice.value);
  for (const search_metric* metric : metrics_for(settings))
    result.push_back(spread_text(figure_of(x, *metric)));
  result.push_back(fmt::to_string(x.folds.size()));
  result.push_back(x.folds.empty() ? "-" : format("{:.2f}", x.summary.fit.cpu_seconds));
  return result;
}

} // namespace

void describe(visitor& v, tuning_cell& x) {
  v("choices", x.choices, "the parameters that are varied");
  v("parameters", x.parameters, anything{}, "all of the model's, as JSON");
  v("rank", x.rank, anything{}, "1: the best; 0: some folds are not done");
  v("figure", x.figure, "the metric, over the folds");
  v("summary", x.summary, "all figures, over the folds; the test part is the fold");
  v("folds", x.folds, "each fold; the test part is the fold");
  v("problems", x.problems, anything{}, "why folds failed");
}

void describe(visitor& v, tuning_report& x) {
  v("format", x.format, anything{}, "of this file");
  v("fugato", x.fugato, anything{}, "version");
  v("command", x.command, anything{}, "as typed");
  v("started", x.started, anything{}, "UTC");
  v("table_sha256", x.table_sha256, anything{}, "of the feature table");
  v("model", x.model, anything{}, "whose parameters are searched");
  v("split", x.split, anything{}, "how test rows, which the search never sees, were parted from training rows");
  v("leaky", x.leaky, anything{}, "that split has chunks of one track on both sides: figures flatter the model");
  v("search", x.search, "what was searched, and how");
  v("higher_is_better", x.higher_is_better, anything{}, "of the metric");
  v("trials", x.trials, anything{}, "cells times folds");
  v("trials_resumed", x.trials_resumed, anything{}, "of these, done by an earlier call");
  v("trials_failed", x.trials_failed, anything{}, "of these, failed");
  v("budget_minutes", x.budget_minutes, anything{}, "of the clock, for the search; 0: none");
  v("stopped_by_budget", x.stopped_by_budget, anything{}, "the budget ended before all trials were begun");
  v("wall_seconds", x.wall_seconds, anything{}, "of this call's search, by the clock [s]");
  v("cpu_seconds", x.cpu_seconds, anything{}, "the same, of this process and the workers that it started [s]");
  v("trial_cpu_seconds", x.trial_cpu_seconds, anything{}, "of all trials, wherever and whenever they were made [s]");
  v("dispatch", x.dispatch, "how this call's trials were scheduled; a task is a trial");
  v("cells", x.cells, "in the order of the search");
  v("evaluations", x.evaluations, "of the best, learnt again from all training rows");
}

std::vector<tuning_cell> tuning_cells(const std::vector<search_cell>& cells, const search_settings& settings,
                                      std::span<const std::optional<trial_result>> results) {
  std::vector<tuning_cell> board;
  for (const search_cell& cell : cells) {
    tuning_cell x{cell.choices, cell.parameters, 0, {}, {}, {}, {}};
    for (const auto& result : results.subspan(board.size() * settings.folds, settings.folds))
      if (result)
        x.folds.push_back(*result);
    x.figure = figure_of(x, search_metrics().at(settings.metric));
    x.summary = summarise(x.folds);
    board.push_back(std::move(x));
  }
  rank(board, settings);
  return board;
}

const tuning_cell* best_of(const std::vector<tuning_cell>& cells) {
  const auto best = std::find_if(cells.begin(), cells.end(), [](const tuning_cell& x) { return x.rank == 1; });
  return best == cells.end() ? nullptr : &*best;
}

std::string tuning_line(const tuning_cell& x, const search_settings& settings) {
  std::string text;
  for (const search_choice& choice : x.choices)
    text += (text.empty() ? "" : " ") + choice.name + "=" + choice.value;
  return text + ": " + settings.metric + " " + spread_text(x.figure);
}

std::vector<const tuning_cell*> best_first(const std::vector<tuning_cell>& cells) {
  std::vector<const tuning_cell*> result;
  for (const tuning_cell& x : cells)
    result.push_back(&x);
  std::stable_sort(result.begin(), result.end(), [](const tuning_cell* a, const tuning_cell* b) {
    return a->rank - 1 < b->rank - 1; // 0 - 1 is the greatest number
  });
  return result;
}

std::vector<table_line> tuning_lines(const tuning_report& x) {
  std::vector<table_line> lines;
  if (x.cells.empty())
    return lines;
  lines.push_back(heading(x));
  for (const tuning_cell* cell : best_first(x.cells))
    lines.push_back(line_of(*cell, x.search));
  return lines;
}

std::string tuning_text(const tuning_report& x) {
  std::string text =
      format("Search for parameters of {} ({}): {} cells, {} trials, ranked by {}, mean over the folds\n", x.model,
             x.search.method, x.cells.size(), x.trials, x.search.metric);
  if (!x.cells.empty())
    text += in_columns(tuning_lines(x));
  text +=
      format("policy {}, {} line{}: {:.1f} s, {:.1f} s of CPU; all trials {:.1f} s of CPU\n", x.dispatch.policy,
             x.dispatch.lines, x.dispatch.lines == 1 ? "" : "s", x.wall_seconds, x.cpu_seconds, x.trial_cpu_seconds);
  if (x.trials_resumed > 0)
    text += format("{} trials were done by an earlier call\n", x.trials_resumed);
  if (x.dispatch.lines_lost > 0)
    text +=
        format("warning: {} lines were lost, {} trials handed out again\n", x.dispatch.lines_lost, x.dispatch.retries);
  if (x.leaky)
    text += "LEAKY: split " + x.split + " has chunks of one track on both sides, which flatters the model\n";
  if (x.stopped_by_budget)
    text += format("the budget of {} minutes ended before all trials were begun; --resume goes on\n", x.budget_minutes);
  for (const tuning_cell& cell : x.cells)
    for (const std::string& problem : cell.problems)
      text += "warning: " + tuning_line(cell, x.search) + ": " + problem + "\n";
  return text;
}

} // namespace fugato
