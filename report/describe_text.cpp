// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/describe_text.hpp"

#include "report/columns.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fugato {
namespace {

constexpr std::size_t most_pairs = 20;

std::string number(double x) { return std::isfinite(x) ? fmt::format("{:.6g}", x) : "-"; }

std::string class_table(const table_profile& x) {
  std::vector<table_line> lines{{"class", "tracks", "rows", "share"}};
  for (const class_count& c : x.classes)
    lines.push_back({c.label.empty() ? "(no label)" : c.label, x.tracks > 0 ? std::to_string(c.tracks) : "-",
                     std::to_string(c.rows), short_percent(c.share)});
  return in_columns(lines);
}

std::string column_table(const table_profile& x) {
  std::vector<table_line> lines{
      {"feature", "dtype", "count", "mean", "std", "min", "25 %", "50 %", "75 %", "max", "between classes"}};
  for (const column_profile& c : x.columns)
    lines.push_back({c.name, c.dtype, std::to_string(c.count), number(c.mean), number(c.std), number(c.spread.min),
                     number(c.spread.q1), number(c.spread.median), number(c.spread.q3), number(c.spread.max),
                     c.classes.empty() ? "-" : short_percent(c.between_classes)});
  return in_columns(lines);
}

std::string pair_table(const table_profile& x) {
  std::vector<table_line> lines;
  for (std::size_t i = 0; i < std::min(most_pairs, x.pairs.size()); ++i)
    lines.push_back({x.pairs[i].a, x.pairs[i].b, fmt::format("{:+.4f}", x.pairs[i].r)});
  std::string result = in_columns(lines);
  if (x.pairs.size() > most_pairs)
    result += fmt::format("... and {} more\n", x.pairs.size() - most_pairs);
  return result;
}

} // namespace

std::string left_out_text(const projection& p) {
  std::vector<std::string> parts;
  if (p.left_out > 0)
    parts.push_back(counted(static_cast<double>(p.left_out), "column") + " constant or full of gaps");
  if (p.rows_left_out > 0)
    parts.push_back(counted(static_cast<double>(p.rows_left_out), "row") + " with gaps");
  return parts.empty() ? "" : " (left out: " + listed(parts) + ")";
}

namespace {

std::string component_text(const projection& p) {
  if (!p.problem.empty())
    return p.problem + "\n";
  std::string result;
  double sum = 0;
  for (std::size_t k = 0; k < std::min<std::size_t>(2, p.explained.size()); ++k) {
    sum += p.explained[k];
    const std::string name = fmt::format("PC{}", k + 1);
    result += fmt::format("{}: {:.1f} % of the variance;", name, 100 * p.explained[k]);
    for (const correlated_pair& w : p.weights)
      if (w.b == name)
        result += fmt::format(" {} {:+.2f}", w.a, w.r);
    result += "\n";
  }
  return result +
         fmt::format("together {:.1f} %, of {}", 100 * sum, counted(static_cast<double>(p.columns), "column")) +
         left_out_text(p) + "\n";
}

std::string heading(const std::string& text) { return "\n" + text + "\n" + std::string(text.size(), '-') + "\n"; }

/// "3 columns hold NaN: a (2), b (1), c (7)"
void add_gaps(const table_profile& x, std::uint64_t column_profile::*what, const std::string& noun,
              std::vector<std::string>& sentences) {
  std::vector<std::string> items;
  std::uint64_t cells = 0;
  for (const column_profile& c : x.columns)
    if (c.*what > 0) {
      items.push_back(fmt::format("{} ({})", c.name, c.*what));
      cells += c.*what;
    }
  if (items.empty())
    return;
  const std::string subject = counted(static_cast<double>(cells), noun);
  if (items.size() > 10) {
    const std::size_t rest = items.size() - 9;
    items.resize(9);
    items.push_back(fmt::format("{} more columns", rest));
  }
  sentences.push_back(subject + ": in " + listed(items) + ".");
}

void add_names(const std::string& beginning, std::vector<std::string> names, std::vector<std::string>& sentences) {
  if (names.empty())
    return;
  const std::size_t all = names.size();
  if (all > 10) {
    names.resize(9);
    names.push_back(fmt::format("{} more", all - 9));
  }
  sentences.push_back(beginning + ": " + listed(names) + ".");
}

} // namespace

std::vector<std::string> oddities(const table_profile& x) {
  std::vector<std::string> result;
  add_gaps(x, &column_profile::nulls, "empty cell", result);
  add_gaps(x, &column_profile::nans, "NaN", result);
  add_gaps(x, &column_profile::infinities, "infinite value", result);
  add_gaps(x, &column_profile::texts, "text cell", result);
  std::vector<std::string> constant;
  for (const column_profile& c : x.columns)
    if (c.constant)
      constant.push_back(fmt::format("{} ({})", c.name, number(c.mean)));
  add_names("Columns that do not vary", constant, result);
  std::vector<std::string> equal;
  for (const equal_columns& e : x.equal)
    equal.push_back(e.name + " = " + e.same_as);
  add_names("Columns that repeat another", equal, result);
  if (x.equal_rows > 0)
    result.push_back(fmt::format(
        "{} the features of an earlier row{}.",
        x.equal_rows == 1 ? "1 row has" : fmt::format("{} rows have", x.equal_rows),
        x.equal_other_label > 0 ? fmt::format(", {} of them under another label", x.equal_other_label) : ""));
  if (x.repeated_names > 0)
    result.push_back(fmt::format("{} the name of an earlier row.",
                                 x.repeated_names == 1 ? "1 row has" : fmt::format("{} rows have", x.repeated_names)));
  add_names("Tracks with rows of several labels", x.torn_tracks, result);
  for (const class_count& c : x.classes)
    if (c.label.empty())
      result.push_back(counted(static_cast<double>(c.rows), "row") + " without a label.");
  return result;
}

std::string describe_text(const table_profile& x) {
  std::string result = fmt::format("{}: {} rows x {} features", x.source, x.rows, x.features);
  if (x.tracks > 0)
    result += fmt::format(", {} (column '{}')", counted(static_cast<double>(x.tracks), "track"), x.name_column);
  if (!x.classes.empty())
    result += fmt::format(", {} {} (column '{}')", x.classes.size(), x.classes.size() == 1 ? "class" : "classes",
                          x.label_column);
  result += "\n";
  if (!x.index_columns.empty())
    result += fmt::format("{} without a name left out: row numbers\n",
                          counted(static_cast<double>(x.index_columns.size()), "leading column"));
  if (!x.classes.empty())
    result += heading("Classes") + class_table(x);
  const std::vector<std::string> odd = oddities(x);
  result += heading("Odd");
  result += odd.empty() ? "nothing: no gaps, no constant or repeated columns, no repeated rows\n" : "";
  for (const std::string& sentence : odd)
    result += sentence + "\n";
  result += heading("Features") + column_table(x);
  result += heading(fmt::format("Correlated, |r| > {:g}: {}", x.threshold,
                                counted(static_cast<double>(x.pairs.size()), "pair"))) +
            pair_table(x);
  return result + heading("Principal components") + component_text(x.pca);
}

} // namespace fugato
