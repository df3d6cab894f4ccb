// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_page.hpp"

#include "config/files.hpp"
#include "report/format.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "report/run_page_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace fugato {
namespace {

using fmt::format;

/// The figure to judge by: by track where tracks are known.
const evaluation_report* headline(const run_report& x) {
  const evaluation_report* best = nullptr;
  for (const evaluation_report& e : x.evaluations)
    if (e.part == "test" && (best == nullptr || e.level == "track"))
      best = &e;
  return best;
}

double wall_seconds(const run_report& x) {
  double result = 0;
  for (const phase_report& p : x.phases)
    result += p.wall_seconds;
  return result;
}

std::string figures(const run_report& x) {
  const extraction_report& e = x.extraction;
  std::vector<key_figure> keys;
  if (const evaluation_report* best = headline(x)) {
    const interval& range = best->scores.accuracy_interval;
    const double chance = 1 / static_cast<double>(std::max<std::size_t>(1, best->scores.classes.size()));
    keys.push_back(
        {std::string("accuracy") + (best->leaky ? " (LEAKY)" : ""), format("{:.1f} %", 100 * best->scores.accuracy),
         format("by {}; {:.0f} to {:.0f} % with 95 % confidence", best->level, 100 * range.low, 100 * range.high)});
    keys.push_back(
        {std::string("macro F1") + (best->leaky ? " (LEAKY)" : ""), format("{:.3f}", best->scores.macro.f1),
         format("by {}, {} classes; chance {}", best->level, best->scores.classes.size(), short_percent(chance))});
  }
  keys.push_back({"tracks", std::to_string(x.corpus.tracks),
                  e.failed > 0 ? counted(e.failed, "track") + " failed" : "none failed"});
  keys.push_back({"rows", std::to_string(e.rows), format("of {} features", e.columns)});
  if (e.tracks_per_second > 0)
    keys.push_back(
        {"speed", format("{:.0f} tracks/s", e.tracks_per_second), format("{:.0f} x real time", e.x_real_time)});
  keys.push_back({"time", short_time(wall_seconds(x)), "by the clock"});
  return key_figures(keys);
}

std::string header(const run_folder& x) {
  const run_report& r = x.report;
  const std::string name = std::filesystem::path(r.corpus.path).filename().string();
  std::string result = element(
      "h1", {},
      escaped((r.training.model.empty() ? "" : r.training.model + " on ") + (name.empty() ? r.corpus.path : name)) +
          (r.training.leaky ? " " + badge("LEAKY") : ""));
  result += element("p", {{"class", "note"}}, escaped(format("Fugato {}, {}; {}", r.fugato, r.started, r.corpus.path)));
  if (r.corpus.synthetic)
    result += warning_box("This corpus is rendered from rules: accuracy on it means nothing about music.");
  if (!r.training.problem.empty())
    result += element("div", {{"class", "card bad"}}, element("h3", {}, "No model") + paragraph(r.training.problem));
  return result + figures(r);
}

} // namespace

std::string run_page(const run_folder& x) {
  const run_report& r = x.report;
  std::string body = header(x) + scores_section(r);
  if (x.board)
    body += leaderboard_section(*x.board);
  if (x.tuning)
    body += tuning_section(*x.tuning);
  body += confusion_section(r, x.tested) + classes_section(r) + importance_section(r.training) +
          mistakes_section(r, x.tested) + failures_section(x) + cost_section(x) + origin_section(x);
  return page("Fugato: " + r.corpus.path, body);
}

void write_run_page(const std::string& path) { write_file(path + "/report.html", run_page(read_run_folder(path))); }

} // namespace fugato
