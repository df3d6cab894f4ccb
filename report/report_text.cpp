// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace fugato {
namespace {

using fmt::format;

std::string heading(const std::string& text) { return "\n" + text + "\n" + std::string(text.size(), '-') + "\n"; }

std::string leak_mark(bool leaky) { return leaky ? "  LEAKY: chunks of one track on both sides" : ""; }

std::string corpus_text(const run_report& x) {
  std::string result = format("{} tracks, {} genres, {}\n", x.corpus.tracks, x.corpus.labels.size(), x.corpus.path);
  if (x.corpus.synthetic)
    result += "This corpus is rendered from rules: accuracy on it means nothing about music.\n";
  return result;
}

std::string extraction_text(const run_report& x) {
  const extraction_report& e = x.extraction;
  if (x.dispatch.policy.empty()) // a table that was given
    return format("{} rows x {} features\n", e.rows, e.columns);
  std::string result = format("{} rows x {} features of {} tracks ({:.1f} min of audio, {:.1f} MB read)\n", e.rows,
                              e.columns, e.tracks, e.audio_seconds / 60, 1e-6 * static_cast<double>(e.file_bytes));
  result += format("policy {}, {} line{}: {:.1f} tracks/s, {:.0f} x real time, {:.4f} s of CPU per track\n",
                   x.dispatch.policy, x.dispatch.lines, x.dispatch.lines == 1 ? "" : "s", e.tracks_per_second,
                   e.x_real_time, e.cpu_seconds_per_track);
  if (e.cached + e.cache_stored + e.cache_failed > 0)
    result += format("feature cache: {} tracks were known, {} are from now on\n", e.cached, e.cache_stored);
  if (e.cache_damaged > 0)
    result += format("warning: {} entries of the feature cache were damaged, and made anew\n", e.cache_damaged);
  if (e.cache_failed > 0)
    result += format("warning: the rows of {} tracks could not be put into the feature cache\n", e.cache_failed);
  for (const std::string& each : x.dispatch.dropped)
    result += "warning: " + each + "\n";
  if (x.dispatch.refused > 0)
    result += format("warning: {} connections were refused at the gate\n", x.dispatch.refused);
  if (x.dispatch.lines_lost > 0)
    result += format("warning: {} lines were lost ({} over the deadline, {} silent), {} tracks handed out again\n",
                     x.dispatch.lines_lost, x.dispatch.overdue, x.dispatch.silent, x.dispatch.retries);
  if (e.short_chunks > 0)
    result += format("warning: {} chunks are shorter than 9 frames; their deltas are 0\n", e.short_chunks);
  if (e.damaged > 0)
    result += format("warning: {} tracks are damaged; only the part before the damage was used\n", e.damaged);
  return result;
}

std::string failures_text(const run_report& x) {
  if (x.failures.empty())
    return "";
  std::string result = heading(format("{} tracks failed (failures.csv)", x.extraction.failed));
  for (const failure_count& f : x.failures)
    result += format("{:>6}  {}\n", f.tracks, f.reason);
  return result;
}

std::string warnings_text(const run_report& x) {
  constexpr std::size_t most = 20;
  if (x.warnings.empty())
    return "";
  std::string result = heading(format("{} tracks are doubtful", x.warnings.size()));
  for (std::size_t i = 0; i < std::min(most, x.warnings.size()); ++i)
    result += x.warnings[i].sentence + "\n";
  return x.warnings.size() > most ? result + "... (report.json has all)\n" : result;
}

std::string training_text(const run_report& x) {
  const training_report& t = x.training;
  if (!t.problem.empty())
    return heading("No model") + t.problem + "\n";
  if (t.model.empty())
    return "";
  std::string result = heading(format("Model {}", t.model));
  result += format("split {} ({}): {} rows of {} tracks to learn from, {} rows of {} tracks to judge by{}\n", t.split,
                   t.plan.empty() ? format("seed {}", t.seed) : t.plan, t.train_rows, t.train_tracks, t.test_rows,
                   t.test_tracks, leak_mark(t.leaky));
  for (const std::string& note : t.notes)
    result += note + "\n";
  result += format("learnt in {:.1f} s ({:.1f} s of CPU)\n\n", t.fit_wall_seconds, t.fit_cpu_seconds);
  result += format("{:<16} {:>9} {:>9} {:>15} {:>9} {:>9} {:>9}\n", "", "rows", "accuracy", "95 % interval", "macro F1",
                   "log loss", "top 3");
  for (const evaluation_report& e : x.evaluations)
    result += format("{:<16} {:>9} {:>9.4f} {:>15} {:>9.4f} {:>9.4f} {:>9.4f}{}\n", e.part + ", by " + e.level,
                     e.scores.rows, e.scores.accuracy,
                     format("{:.4f}-{:.4f}", e.scores.accuracy_interval.low, e.scores.accuracy_interval.high),
                     e.scores.macro.f1, e.scores.log_loss, e.scores.top3, leak_mark(e.leaky));
  return result;
}

/// A line of figures over all splits.
std::string spread_line(const std::string& what, const figure_spread& x, const trial_summary& all) {
  if (x.values == 0)
    return "";
  return format("{:<26} {:>9.4f} +- {:.4f}{}\n", what, x.mean, x.deviation, leak_mark(all.leaky));
}

std::string repeated_text(const run_report& x) {
  const trial_summary& all = x.repeated.summary;
  if (all.trials == 0)
    return "";
  return heading(format("{} splits, mean and standard deviation", all.trials)) +
         spread_line("test accuracy, by chunk", all.accuracy, all) +
         spread_line("test accuracy, by track", all.track_accuracy, all) +
         spread_line("test macro F1, by chunk", all.macro_f1, all) +
         spread_line("test log loss, by chunk", all.log_loss, all) +
         spread_line("train accuracy, by chunk", all.train_accuracy, all) +
         format("{:.2f} s of CPU to learn, {:.2f} s to predict, on average\n", all.fit.cpu_seconds,
                all.predict.cpu_seconds) +
         "The model that was saved, and all figures above and below, are those of the first split.\n";
}

/// The first few lines, and how many more there are.
std::string listed(const std::vector<std::string>& lines) {
  constexpr std::size_t most = 10;
  std::string result;
  for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
    result += "  " + lines[i] + "\n";
  if (lines.size() > most)
    result += format("  and {} more: report.json\n", lines.size() - most);
  return result;
}

/// "1 thing", "2 things".
std::string counted(std::size_t n, const std::string& thing) { return format("{} {}{}", n, thing, n == 1 ? "" : "s"); }

std::string duplicates_text(const run_report& x) {
  const duplicate_report& d = x.duplicates;
  if (d.equal.empty() && d.near.empty())
    return "";
  std::string result = heading("Duplicates");
  if (!d.equal.empty()) {
    const auto across = std::count_if(d.equal.begin(), d.equal.end(), [](const equal_tracks& e) { return e.across; });
    std::vector<std::string> lines;
    for (const equal_tracks& e : d.equal) {
      std::string line;
      for (std::size_t i = 0; i < e.tracks.size(); ++i)
        line += format("{}{} ({}, {})", i == 0 ? "" : " = ", e.tracks[i], e.labels[i], e.sides[i]);
      lines.push_back(line);
    }
    result += format("warning: {} of tracks with equal rows, {} of them learnt from and tested with\n",
                     counted(d.equal.size(), "set"), across) +
              listed(lines);
  }
  if (!d.near.empty()) {
    std::vector<std::string> lines;
    for (const near_tracks& n : d.near)
      lines.push_back(format("{} ({}, {}) ~ {} ({}, {}): {:.3f}", n.track, n.label, n.side, n.other, n.other_label,
                             n.other_side, n.ratio));
    result += format("warning: {} nearer to a training track than {} of the typical distance\n",
                     counted(d.near.size(), "test track"), d.threshold) +
              listed(lines);
  }
  return result;
}

/// Rows are the truth, columns what was predicted.
std::string confusion_text(const evaluation& e) {
  std::size_t width = 5;
  for (const class_score& c : e.classes)
    width = std::max(width, c.label.size());
  std::string result(width, ' ');
  for (const class_score& c : e.classes)
    result += format(" {:>5}", c.label.substr(0, 5));
  result += "\n";
  for (std::size_t i = 0; i < e.classes.size(); ++i) {
    result += format("{:>{}}", e.classes[i].label, width);
    for (const std::uint32_t count : e.confusion[i].counts)
      result += format(" {:>5}", count);
    result += "\n";
  }
  return result;
}

std::string detail_text(const run_report& x) {
  std::string result;
  for (const evaluation_report& e : x.evaluations) {
    result += heading(format("{}, by {}{}", e.part, e.level, leak_mark(e.leaky)));
    result += classification_report(e.scores);
    if (e.part == "test")
      result += "\nconfusion (rows: truth)\n" + confusion_text(e.scores);
  }
  return result;
}

std::string cost_text(const run_report& x) {
  std::string result = heading("Cost");
  for (const phase_report& p : x.phases)
    result += format("{:<10} {:>9.2f} s wall {:>9.2f} s CPU\n", p.name, p.wall_seconds, p.cpu_seconds);
  result += format("peak memory {:.0f} MB; {}, {} cores", 1e-6 * static_cast<double>(x.peak_rss_bytes), x.host.cpu,
                   x.host.cores);
  if (!x.host.load_average.empty())
    result += format(", load {:.2f}", x.host.load_average.front());
  return result + "\n";
}

} // namespace

std::string report_text(const run_report& x) {
  return format("Fugato {}: {}\n", x.fugato, x.started) + corpus_text(x) + extraction_text(x) + failures_text(x) +
         warnings_text(x) + training_text(x) + repeated_text(x) + duplicates_text(x) + detail_text(x) + cost_text(x);
}

} // namespace fugato
