// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fugato {
namespace {

double mean_of(std::span<const double> xs) {
  return std::accumulate(xs.begin(), xs.end(), 0.0) / static_cast<double>(xs.size());
}

double median_of(std::vector<double> xs) {
  std::sort(xs.begin(), xs.end());
  const std::size_t half = xs.size() / 2;
  return xs.size() % 2 == 1 ? xs[half] : (xs[half - 1] + xs[half]) / 2;
}

double deviation_of(std::span<const double> xs) {
  const double mean = mean_of(xs);
  double squares = 0;
  for (const double x : xs)
    squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(xs.size() - 1));
}

/// The run of median time; of an even number of runs, the faster of the middle two.
std::size_t median_run(std::span<const double> times) {
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  return order[(order.size() - 1) / 2];
}

/// Ratio of sums over the repetitions. What was measured by different clocks may
/// exceed what was offered by a little; then nothing was idle.
time_shares shares_of(const comparison_result& x, std::uint32_t cores) {
  const double width = std::min(x.workers, cores);
  double offered = 0;
  time_shares sum;
  for (const repetition& r : x.repetitions) {
    offered += width * r.wall_seconds;
    sum.startup += width * r.startup_wall_seconds;
    sum.compute += r.compute_cpu_seconds;
    sum.transfer += std::max(0.0, r.cpu_seconds() - r.startup_cpu_seconds - r.compute_cpu_seconds);
  }
  const double used = sum.startup + sum.compute + sum.transfer;
  const double whole = std::max({offered, used, 1e-9});
  return {sum.startup / whole, sum.compute / whole, sum.transfer / whole, std::max(0.0, offered - used) / whole};
}

comparison_result summarise(const measured_cell& cell, std::uint32_t cores) {
  comparison_result x;
  x.name = cell.name();
  x.policy = cell.policy;
  x.workers = cell.workers;
  x.command = cell.command;
  x.oversubscribed = cell.workers > cores;
  for (const measurement& run : cell.runs) {
    x.times.push_back(run.cost.wall_seconds);
    x.user += run.cost.user_seconds / static_cast<double>(cell.runs.size());
    x.system += run.cost.system_seconds / static_cast<double>(cell.runs.size());
    x.repetitions.push_back(run.cost);
  }
  x.mean = mean_of(x.times);
  x.median = median_of(x.times);
  x.min = *std::min_element(x.times.begin(), x.times.end());
  x.max = *std::max_element(x.times.begin(), x.times.end());
  if (x.times.size() > 1)
    x.stddev = deviation_of(x.times);
  else
    x.stddev_reason = "one repetition has no spread";
  x.shares = shares_of(x, cores);
  const std::size_t middle = median_run(x.times);
  x.median_repetition = static_cast<std::uint32_t>(middle);
  x.samples = cell.runs[middle].usage;
  x.output_sha256 = cell.runs[middle].work.output_sha256;
  x.accuracy = cell.runs[middle].work.accuracy;
  if (cell.runs[middle].work.model.empty())
    x.accuracy_reason = "nothing was learnt";
  return x;
}

void relate_accuracy(comparison_result& x, const comparison_result* baseline, const comparison_context& context) {
  if (!x.accuracy_reason.empty())
    x.accuracy_difference_reason = x.accuracy_reason;
  else if (baseline == nullptr)
    x.accuracy_difference_reason = fmt::format("{} was not measured", comparison_stages().at(context.stage).baseline);
  else
    x.accuracy_difference = x.accuracy - baseline->accuracy;
  x.accuracy_differs = std::abs(x.accuracy_difference) > context.tolerance;
}

void relate(comparison_result& x, const comparison_result* baseline, const comparison_context& context) {
  const double n = x.workers;
  const std::uint32_t cores = context.num_cpus;
  relate_accuracy(x, baseline, context);
  if (baseline == nullptr) {
    x.speedup_reason = x.efficiency_reason = x.serial_fraction_reason =
        fmt::format("{} was not measured", comparison_stages().at(context.stage).baseline);
    return;
  }
  x.speedup = baseline->median / x.median;
  x.efficiency = x.speedup / n;
  if (x.workers == 1)
    x.serial_fraction_reason = "one worker has nothing to share";
  else if (x.oversubscribed)
    x.serial_fraction_reason =
        fmt::format("{} workers share {} cores, but the formula wants a core for each", x.workers, cores);
  else
    x.serial_fraction = (1 / x.speedup - 1 / n) / (1 - 1 / n);
}

/// With y = 1/speedup and x = 1/n the model is y - x = s (1 - x): a line through the origin.
amdahl_fit fit(const std::string& policy, std::span<const comparison_result> results, std::string_view baseline) {
  double above = 0;
  double below = 0;
  for (const comparison_result& r : results)
    if (r.policy == policy && !r.oversubscribed && std::isfinite(r.speedup)) {
      const double x = 1.0 / r.workers;
      above += (1 / r.speedup - x) * (1 - x);
      below += (1 - x) * (1 - x);
    }
  if (below > 0)
    return {policy, above / below, ""};
  return {policy, no_number, fmt::format("needs a cell of 2 or more workers, a core for each, and {}", baseline)};
}

std::string run_name(const measured_cell& cell, std::size_t run) {
  return fmt::format("{} (repetition {})", cell.name(), run + 1);
}

void check_work(std::span<const measured_cell> cells) {
  const measured_cell& first = cells.front();
  for (const measured_cell& cell : cells) {
    const measured_cell& like = *std::find_if(cells.begin(), cells.end(),
                                              [&](const measured_cell& other) { return other.alike == cell.alike; });
    for (std::size_t i = 0; i < cell.runs.size(); ++i) {
      require_same_work(run_name(first, 0), first.runs.front().work, run_name(cell, i), cell.runs[i].work);
      require_same_output(run_name(like, 0), like.runs.front().work, run_name(cell, i), cell.runs[i].work);
    }
  }
}

std::string text_of(const workload& x) {
  if (!x.model.empty())
    return fmt::format("{} by {} rows of {} x {}, judged by {}, split {}, table {:.12}", x.model, x.train_rows, x.rows,
                       x.columns, x.test_rows, x.split, x.corpus_sha256);
  return fmt::format("{} tracks, {} failed, {} rows, {} columns, {} bytes of audio, corpus {:.12}", x.tracks, x.failed,
                     x.rows, x.columns, x.file_bytes, x.corpus_sha256);
}

} // namespace

void require_same_work(const std::string& first_name, const workload& first, const std::string& other_name,
                       const workload& other) {
  const std::string a = text_of(first);
  const std::string b = text_of(other);
  if (a != b || first.corpus_sha256 != other.corpus_sha256)
    throw error(errc::internal, fmt::format("all cells must do the same work, but {} did {} and {} did {}", first_name,
                                            a, other_name, b));
}

void require_same_output(const std::string& first_name, const workload& first, const std::string& other_name,
                         const workload& other) {
  if (first.output_sha256 != other.output_sha256)
    throw error(errc::internal, fmt::format("{}, but that of {} has SHA-256 {} and that of {} has {}",
                                            first.model.empty() ? "all cells must yield the same table"
                                                                : "these cells must learn the same model",
                                            first_name, first.output_sha256, other_name, other.output_sha256));
}

comparison compare(comparison_context context, std::span<const measured_cell> cells) {
  check_work(cells);
  comparison result;
  result.context = std::move(context);
  const workload& work = cells.front().runs.front().work;
  result.context.tracks = work.tracks;
  result.context.failed = work.failed;
  result.context.rows = work.rows;
  result.context.columns = work.columns;
  result.context.model = work.model;
  result.context.split = work.split;
  result.context.train_rows = work.train_rows;
  result.context.test_rows = work.test_rows;
  result.context.repetitions = static_cast<std::uint32_t>(cells.front().runs.size());

  const comparison_stage& stage = comparison_stages().at(result.context.stage);
  for (const measured_cell& cell : cells)
    result.results.push_back(summarise(cell, result.context.num_cpus));
  const auto baseline = std::find_if(result.results.begin(), result.results.end(), [&](const comparison_result& x) {
    return x.policy == stage.baseline_policy && x.workers == 1;
  });
  for (comparison_result& x : result.results) {
    relate(x, baseline == result.results.end() ? nullptr : &*baseline, result.context);
    x.same_output = x.output_sha256 == result.results.front().output_sha256;
  }
  for (const comparison_result& x : result.results)
    if (result.amdahl.empty() || result.amdahl.back().policy != x.policy)
      result.amdahl.push_back(fit(x.policy, result.results, stage.baseline));
  if (!stage.learns) // the course report's tables of training are not known
    result.published = published_figures();
  result.findings = analyse(result);
  return result;
}

} // namespace fugato
