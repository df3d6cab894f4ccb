// SPDX-License-Identifier: GPL-3.0-or-later
// How well the model does, and what it goes by.
#include "models/split.hpp"
#include "report/columns.hpp"
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "report/run_page_parts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace fugato {
namespace {

using fmt::format;
using nlohmann::json;

std::string leak_badge(bool leaky) { return leaky ? " " + badge("LEAKY") : ""; }

const char* const leak_words =
    "LEAKY: chunks of one track are on both sides of the split, so the model is asked about music that it has learnt; "
    "these figures flatter it and say little about music that it has not heard.";

const evaluation_report* find(const run_report& x, const std::string& level) {
  const auto at = std::find_if(x.evaluations.begin(), x.evaluations.end(),
                               [&](const evaluation_report& e) { return e.part == "test" && e.level == level; });
  return at == x.evaluations.end() ? nullptr : &*at;
}

std::string evaluations_table(const run_report& x) {
  table_rows rows{{"", "rows", "accuracy", "95 % interval", "macro F1", "log loss", "among the top 3"}};
  for (const evaluation_report& e : x.evaluations)
    rows.push_back({escaped(e.part + ", by " + e.level) + leak_badge(e.leaky), std::to_string(e.scores.rows),
                    format("{:.4f}", e.scores.accuracy),
                    format("{:.4f} to {:.4f}", e.scores.accuracy_interval.low, e.scores.accuracy_interval.high),
                    format("{:.4f}", e.scores.macro.f1), format("{:.4f}", e.scores.log_loss),
                    format("{:.4f}", e.scores.top3)});
  return content_table(rows, 1);
}

std::string plus_minus(const figure_spread& x) {
  return x.values == 0 ? "" : format("{:.4f} &plusmn; {:.4f}", x.mean, x.deviation);
}

std::string repeated_table(const trial_summary& x) {
  if (x.trials == 0)
    return "";
  const table_rows rows{{format("{} splits, mean &plusmn; standard deviation", x.trials), "accuracy", "macro F1",
                         "accuracy by track", "log loss", "accuracy on the training part"},
                        {escaped(x.split) + leak_badge(x.leaky), plus_minus(x.accuracy), plus_minus(x.macro_f1),
                         plus_minus(x.track_accuracy), plus_minus(x.log_loss), plus_minus(x.train_accuracy)}};
  return content_table(rows, 1) + paragraph("The model that was saved, and all else on this page, are the first "
                                            "split's.");
}

json axis(bool begins_at_zero, std::optional<double> most = {}) {
  json result{{"beginAtZero", begins_at_zero}};
  if (most)
    result["max"] = *most;
  return result;
}

std::string leaderboard_chart(const leaderboard& x) {
  constexpr std::array honest{"--blue", "--green", "--violet"};
  json datasets = json::array();
  std::size_t shade = 0;
  for (std::size_t k = 0; k < x.splits.size(); ++k) {
    const bool leaky = split_kinds().at(x.splits[k]).leaky;
    json data = json::array();
    json tips = json::array();
    for (const leaderboard_row& row : x.rows) {
      const figure_spread& figure = row.splits[k].accuracy;
      data.push_back(figure.values == 0 ? json(nullptr) : json(figure.mean));
      tips.push_back(
          format("{}{}: {:.4f} +- {:.4f}", x.splits[k], leaky ? " (LEAKY)" : "", figure.mean, figure.deviation));
    }
    datasets.push_back({{"label", x.splits[k] + (leaky ? " (LEAKY)" : "")},
                        {"data", data},
                        {"tips", tips},
                        {"backgroundColor", leaky ? "--red/0.35" : honest[shade % honest.size()]}});
    shade += leaky ? 0 : 1;
  }
  json labels = json::array();
  for (const leaderboard_row& row : x.rows)
    labels.push_back(row.model);
  const json config{{"type", "bar"},
                    {"data", {{"labels", labels}, {"datasets", datasets}}},
                    {"options", {{"scales", {{"y", axis(true, 1)}}}}}};
  return chart_canvas({"leaderboard", "Accuracy of each model by kind of split", 300, config.dump()});
}

std::string leaderboard_table(const leaderboard& x) {
  table_rows rows{{"model"}};
  std::size_t judge = 0;
  while (judge + 1 < x.splits.size() && split_kinds().at(x.splits[judge]).leaky)
    ++judge;
  for (const std::string& name : x.splits)
    rows.front().push_back(escaped(name) + leak_badge(split_kinds().at(name).leaky));
  for (const char* name : {"by track", "fit, CPU", "predict, CPU"})
    rows.front().emplace_back(name);
  rows.front().push_back("published" + leak_badge(true));
  for (const leaderboard_row& row : x.rows) {
    rows.push_back({escaped(row.model)});
    auto& cells = rows.back();
    for (const trial_summary& split : row.splits)
      cells.push_back(plus_minus(split.accuracy));
    const trial_summary& judged = row.splits.at(judge);
    cells.push_back(plus_minus(judged.track_accuracy));
    cells.push_back(judged.trials == 0 ? "" : short_time(judged.fit.cpu_seconds));
    cells.push_back(judged.trials == 0 ? "" : short_time(judged.predict.cpu_seconds));
    cells.push_back(row.published > 0 ? format("{:.4f}", row.published) : "");
  }
  return content_table(rows, 1);
}

json bars(const char* name, const char* colour, const std::vector<class_score>& classes, double class_score::*figure) {
  json data = json::array();
  json tips = json::array();
  for (const class_score& c : classes) {
    data.push_back(c.*figure);
    tips.push_back(format("{} {:.3f}; {} of this class, {} taken for it", name, c.*figure, c.support, c.predicted));
  }
  return {{"label", name}, {"data", data}, {"tips", tips}, {"backgroundColor", colour}};
}

std::string classes_chart(const evaluation_report& e) {
  json labels = json::array();
  for (const class_score& c : e.scores.classes)
    labels.push_back(c.label);
  const auto& classes = e.scores.classes;
  const json config{{"type", "bar"},
                    {"data",
                     {{"labels", labels},
                      {"datasets",
                       {bars("precision", "--blue", classes, &class_score::precision),
                        bars("recall", "--orange", classes, &class_score::recall),
                        bars("F1", "--green", classes, &class_score::f1)}}}},
                    {"options", {{"scales", {{"y", axis(true, 1)}}}}}};
  return chart_canvas({"classes-" + e.level, "Precision, recall and F1 by class", 260, config.dump()});
}

std::string classes_table(const evaluation_report& e) {
  table_rows rows{{"class", "precision", "recall", "F1", e.level + "s", "taken for it"}};
  for (const class_score& c : e.scores.classes)
    rows.push_back({c.label, format("{:.3f}", c.precision), format("{:.3f}", c.recall), format("{:.3f}", c.f1),
                    std::to_string(c.support), std::to_string(c.predicted)});
  for (const auto& [name, mean] : {std::pair("macro mean", e.scores.macro), {"weighted mean", e.scores.weighted}})
    rows.push_back({name, format("{:.3f}", mean.precision), format("{:.3f}", mean.recall), format("{:.3f}", mean.f1),
                    std::to_string(e.scores.rows), std::to_string(e.scores.rows)});
  return table(rows, 1);
}

std::string importance_chart(const std::vector<column_weight>& weights) {
  json labels = json::array();
  json data = json::array();
  for (const column_weight& x : weights) {
    labels.push_back(x.column);
    data.push_back(x.weight);
  }
  const json config{
      {"type", "bar"},
      {"data", {{"labels", labels}, {"datasets", {{{"data", data}, {"backgroundColor", "--violet"}}}}}},
      {"options",
       {{"indexAxis", "y"}, {"plugins", {{"legend", {{"display", false}}}}}, {"scales", {{"x", axis(true)}}}}}};
  const auto height = static_cast<unsigned>(60 + 18 * weights.size());
  return chart_canvas({"importance", "How much the model goes by each column", height, config.dump()});
}

} // namespace

std::string scores_section(const run_report& x) {
  const training_report& t = x.training;
  if (x.evaluations.empty())
    return "";
  std::string note = format("Model {}, split {} ({}): {} rows of {} tracks to learn from, {} rows of {} tracks to "
                            "judge by. The interval is by bootstrap over tracks.",
                            t.model, t.split, t.plan.empty() ? format("seed {}", t.seed) : t.plan, t.train_rows,
                            t.train_tracks, t.test_rows, t.test_tracks);
  std::string content = t.leaky ? warning_box(leak_words) : "";
  content += evaluations_table(x) + repeated_table(x.repeated.summary);
  for (const std::string& sentence : t.notes)
    content += paragraph(sentence);
  return section("How well", note, content);
}

std::string leaderboard_section(const leaderboard& x) {
  std::string content = card("Accuracy, test part, by chunk", leaderboard_chart(x)) + leaderboard_table(x);
  for (const std::string& problem : x.problems)
    content += warning_box(problem);
  return section(
      "Leaderboard",
      "Best first, by the first split that does not leak; mean and standard deviation over splits. What leaks "
      "has chunks of one track on both sides, which flatters every model.",
      content);
}

std::string classes_section(const run_report& x) {
  std::string content;
  std::string tables;
  for (const char* level : {"track", "chunk"})
    if (const evaluation_report* e = find(x, level)) {
      content += card("By " + e->level + ", " + counted(static_cast<double>(e->scores.rows), e->level),
                      leak_badge(e->leaky) + classes_chart(*e));
      tables += card("By " + e->level, classes_table(*e));
    }
  return content.empty() ? "" : section("Class by class", "The test part.", content + wide_cards(tables));
}

std::string importance_section(const training_report& x) {
  constexpr std::size_t most = 25;
  if (x.model.empty())
    return "";
  if (x.importance.empty())
    return section("What the model goes by", "", paragraph(x.importance_kind));
  const std::size_t shown = std::min(most, x.importance.size());
  const std::vector<column_weight> first(x.importance.begin(),
                                         x.importance.begin() + static_cast<std::ptrdiff_t>(shown));
  table_rows rows{{"column", "weight"}};
  for (const column_weight& w : x.importance)
    rows.push_back({w.column, format("{:.4f}", w.weight)});
  return section("What the model goes by", x.importance_kind,
                 card(shown < x.importance.size() ? format("The first {} of {} columns", shown, x.importance.size())
                                                  : counted(static_cast<double>(shown), "column"),
                      importance_chart(first)) +
                     details("All columns", scrolling(table(rows, 1))));
}

} // namespace fugato
