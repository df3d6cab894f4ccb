// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace fugato {
namespace {

using fmt::format;
using result_list = std::vector<const comparison_result*>;

/// Gains below this part are taken for none.
constexpr double worth_it = 0.05;

bool faster(const comparison_result* a, const comparison_result* b) { return a->median < b->median; }

/// Two cells whose times overlap cannot be told apart by a handful of repetitions.
bool overlap(const comparison_result& a, const comparison_result& b) { return a.min <= b.max && b.min <= a.max; }

const comparison_stage& stage_of(const comparison& x) { return comparison_stages().at(x.context.stage); }

std::string speedup_text(const comparison& all, const comparison_result& x) {
  return std::isfinite(x.speedup) ? format(" ({} x {})", short_number(x.speedup), stage_of(all).baseline) : "";
}

/// Cells by policy, in the order of the results.
std::vector<result_list> by_policy(const comparison& x) {
  std::vector<result_list> groups;
  for (const comparison_result& r : x.results) {
    if (groups.empty() || groups.back().front()->policy != r.policy)
      groups.emplace_back();
    groups.back().push_back(&r);
  }
  return groups;
}

std::string busy_text(const comparison_context& c) {
  if (c.load_avg.empty() || c.load_avg.front() <= 0.25 * c.num_cpus)
    return "";
  return format("The load average was {:.2f} before the first run: other programs shared the {}, and times are longer "
                "than on an idle machine. ",
                c.load_avg.front(), counted(c.num_cpus, "core"));
}

std::string spread_text(const comparison& x) {
  std::vector<std::string> wide;
  for (const comparison_result& r : x.results)
    if (r.stddev > 0.05 * r.mean)
      wide.push_back(format("{} ({})", r.name, short_percent(r.stddev / r.mean)));
  return wide.empty() ? "" : "Times vary by more than 5 % of their mean in " + listed(wide) + ". ";
}

std::string crowded_text(const comparison& x) {
  for (const comparison_result& r : x.results)
    if (r.oversubscribed)
      return format("Cells of more than {} share {}: they show what too many workers cost, not what more cores "
                    "would gain. ",
                    counted(x.context.num_cpus, "worker"), counted(x.context.num_cpus, "core"));
  return "";
}

std::string differing_text(const comparison& x) {
  std::vector<std::string> cells;
  for (const comparison_result& r : x.results)
    if (r.accuracy_differs)
      cells.push_back(format("{} ({:+.4f})", r.name, r.accuracy_difference));
  return cells.empty() ? ""
                       : format("The accuracy of {} differs from {}'s by more than {:.4g}: these cells did not learn "
                                "models of one quality. ",
                                listed(cells), stage_of(x).baseline, x.context.tolerance);
}

void add_cautions(const comparison& x, std::vector<finding>& out) {
  std::string text = busy_text(x.context) + spread_text(x) + crowded_text(x) + differing_text(x);
  if (x.context.repetitions < 3)
    text += format("{} of each cell are too few to judge the spread. ", counted(x.context.repetitions, "repetition"));
  if (x.context.library_build_type == "Debug")
    text += "The program was built for debugging: times say little. ";
  if (!text.empty())
    out.push_back({"Read with care", text.substr(0, text.size() - 1)});
}

/// The fastest of some cells, and those that cannot be told from it.
std::string winner_text(const comparison& x, result_list cells) {
  std::sort(cells.begin(), cells.end(), faster);
  const comparison_result& best = *cells.front();
  std::string text = format("{} is fastest with {}{}", best.name, short_time(best.median), speedup_text(x, best));
  std::vector<std::string> ties;
  for (const comparison_result* r : cells)
    if (r != &best && overlap(*r, best))
      ties.push_back(format("{} ({})", r->name, short_time(r->median)));
  if (!ties.empty())
    text += format("; {} cannot be told apart from it, for the ranges of their times overlap", listed(ties));
  return text + ".";
}

void add_winners(const comparison& x, std::vector<finding>& out) {
  result_list all;
  std::map<std::uint32_t, result_list> by_workers;
  for (const comparison_result& r : x.results) {
    all.push_back(&r);
    by_workers[r.workers].push_back(&r);
  }
  if (all.size() < 2)
    return;
  out.push_back({"Fastest", "Of all cells, " + winner_text(x, all)});
  for (const auto& [workers, cells] : by_workers)
    if (cells.size() > 1 && by_workers.size() > 1)
      out.push_back({"Fastest with " + counted(workers, "worker"), "Of these, " + winner_text(x, cells)});
}

void add_shares(const comparison& x, std::vector<finding>& out) {
  for (const result_list& cells : by_policy(x)) {
    const comparison_result& best = **std::min_element(cells.begin(), cells.end(), faster);
    const time_shares& s = best.shares;
    const repetition& run = best.repetitions[best.median_repetition];
    std::string text =
        format("{}: {} start-up, {} {}, {} {}, {} idle", best.name, short_percent(s.startup), short_percent(s.compute),
               stage_of(x).learns ? "learning" : "compute", short_percent(s.transfer),
               stage_of(x).learns ? "other CPU" : "transfer and coordination", short_percent(s.idle));
    if (run.wire_bytes > 0)
      text += format("; {} on the wire, {}", short_bytes(static_cast<double>(run.wire_bytes)),
                     counted(static_cast<double>(run.messages), "message"));
    out.push_back({"Where the time goes", text + "."});
  }
}

/// A cell as a straight line: seconds = fixed + tracks * per_track.
struct cost_line {
  std::string name;
  double fixed = 0;
  double per_track = 0;

  double at(double tracks) const { return fixed + tracks * per_track; }
};

cost_line line_of(const comparison_result& x, std::uint32_t tracks) {
  const repetition& run = x.repetitions[x.median_repetition];
  return {x.name, run.wall_seconds - run.work_wall_seconds, run.work_wall_seconds / std::max(1U, tracks)};
}

/// From how many tracks on `other`, of a lower cost per track, is below `x`.
double crossing(const cost_line& x, const cost_line& other) {
  return std::floor((other.fixed - x.fixed) / (x.per_track - other.per_track)) + 1;
}

/// The line that goes below `x` first; null when none ever does by a slope worth the name. Its cost per track is
/// lower, so a walk from line to line ends.
const cost_line* next_below(const cost_line& x, const std::vector<cost_line>& lines) {
  const cost_line* best = nullptr;
  const auto rank = [&](const cost_line& other) {
    const double tracks = crossing(x, other);
    return std::pair(tracks, other.at(tracks));
  };
  for (const cost_line& other : lines)
    if (other.per_track < (1 - worth_it) * x.per_track && (best == nullptr || rank(other) < rank(*best)))
      best = &other;
  return best;
}

/// The lower envelope of the lines, walked from one track upwards.
void add_sizes(const comparison& x, std::vector<finding>& out) {
  std::vector<cost_line> lines;
  for (const comparison_result& r : x.results)
    lines.push_back(line_of(r, x.context.tracks + x.context.failed));
  if (lines.size() < 2)
    return;
  const cost_line* now = &*std::min_element(lines.begin(), lines.end(),
                                            [](const cost_line& a, const cost_line& b) { return a.at(1) < b.at(1); });
  std::string text;
  double from = 1;
  while (const cost_line* next = next_below(*now, lines)) {
    const double until = crossing(*now, *next);
    if (until > from)
      text += now->name + " below " + counted(until, "track") + ", ";
    from = std::max(from, until);
    now = next;
  }
  out.push_back({"Best by size of the corpus",
                 "If a run costs a fixed time and then, per track, as much as it did here, the fastest is " + text +
                     now->name + " from " + counted(from, "track") + " on."});
}

std::string change_text(double gain) {
  if (std::abs(gain) < 0.01)
    return "the time stays the same";
  return format("the time is {} {}", short_percent(std::abs(gain)), gain < 0 ? "longer" : "shorter");
}

/// Walks up the worker counts as long as each step gains something.
void add_scaling(const comparison& x, std::vector<finding>& out) {
  for (result_list cells : by_policy(x)) {
    if (cells.size() < 2)
      continue;
    std::sort(cells.begin(), cells.end(), [](const auto* a, const auto* b) { return a->workers < b->workers; });
    std::size_t i = 0;
    const auto gain = [&](std::size_t k) { return 1 - cells[k + 1]->median / cells[k]->median; };
    while (i + 1 < cells.size() && gain(i) >= worth_it)
      ++i;
    const comparison_result& last = *cells[i];
    std::string text =
        i == 0 ? format("{}: more workers than {} do not pay", last.policy, last.workers)
               : format("{}: adding workers pays up to {}{}", last.policy, last.workers, speedup_text(x, last));
    if (i + 1 < cells.size())
      text += format("; with {} {}", cells[i + 1]->workers, change_text(gain(i)));
    else
      text += ", the most that were tried";
    out.push_back({"Where adding workers stops paying", text + "."});
  }
}

/// The best speed-up of a policy, here and in the course report.
std::string serial_gain(const comparison& x, const result_list& cells) {
  const comparison_result& best = **std::min_element(cells.begin(), cells.end(), faster);
  std::string text;
  if (std::isfinite(best.speedup))
    text += format(" At best it is {} x as fast as synchronous here", short_number(best.speedup));
  for (const published_figure& p : x.published)
    if (p.policy == best.policy && !text.empty())
      text += format(", and {} x as fast as the serial loop in the course report", short_number(p.speedup));
  return text.empty() ? "" : text + ".";
}

void add_serial(const comparison& x, std::vector<finding>& out) {
  for (const result_list& cells : by_policy(x)) {
    const std::string& policy = cells.front()->policy;
    if (const std::string why = serial_by_construction(policy); !why.empty())
      out.push_back({"Serial by construction",
                     format("{} is serial however many workers it has: {}.{}", policy, why, serial_gain(x, cells))});
  }
}

/// What ranks or threads gain where only the learning counts.
void add_learning(const comparison& x, std::vector<finding>& out) {
  const auto learning = [](const comparison_result& r) { return r.repetitions[r.median_repetition].work_wall_seconds; };
  const comparison_result* baseline = nullptr;
  for (const comparison_result& r : x.results)
    if (r.policy == stage_of(x).baseline_policy && r.workers == 1)
      baseline = &r;
  if (baseline == nullptr)
    return;
  for (const result_list& cells : by_policy(x)) {
    const comparison_result& best = **std::min_element(
        cells.begin(), cells.end(), [&](const auto* a, const auto* b) { return learning(*a) < learning(*b); });
    if (&best != baseline)
      out.push_back({"Learning alone",
                     format("{} is the quickest of {}: it learnt in {}, {} in {} ({} x).", best.name, best.policy,
                            short_time(learning(best)), baseline->name, short_time(learning(*baseline)),
                            short_number(learning(*baseline) / learning(best)))});
  }
}

/// How like the models of the cells are.
void add_models(const comparison& x, std::vector<finding>& out) {
  for (const result_list& cells : by_policy(x)) {
    const auto same = std::count_if(cells.begin(), cells.end(), [](const auto* r) { return r->same_output; });
    double low = 1;
    double high = 0;
    double furthest = 0;
    for (const comparison_result* r : cells) {
      low = std::min(low, r->accuracy);
      high = std::max(high, r->accuracy);
      furthest = std::max(furthest, std::abs(r->accuracy_difference)); // not a number where there is none: left out
    }
    std::string text = format("{}: {} of {} learnt {}'s model, to the byte; accuracy ", cells.front()->policy, same,
                              counted(static_cast<double>(cells.size()), "cell"), x.results.front().name);
    text += low == high ? format("{:.4f}", low) : format("{:.4f} to {:.4f}", low, high);
    if (cells.front()->accuracy_difference_reason.empty())
      text += format(", at most {:.4f} from {}'s ({:.4g} is tolerated)", furthest, stage_of(x).baseline,
                     x.context.tolerance);
    out.push_back({"Whether the models are equal", text + "."});
  }
}

} // namespace

std::vector<finding> analyse(const comparison& x) {
  std::vector<finding> result;
  add_winners(x, result);
  add_scaling(x, result);
  if (stage_of(x).learns) {
    add_learning(x, result);
    add_models(x, result);
  } else {
    add_sizes(x, result);
  }
  add_shares(x, result);
  add_serial(x, result);
  add_cautions(x, result);
  return result;
}

} // namespace fugato
