// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/searching.hpp"

#include "config/json.hpp"
#include "tools/learning.hpp"
#include "tools/listening.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <optional>

namespace fugato {
namespace {

using all_results = std::vector<std::optional<trial_result>>;

/// The results of those trials of the plan that the log has.
all_results known_results(const search_plan& plan, trial_log& log, const std::string& table_sha256) {
  std::map<std::string, trial_result> known; // by the trial's JSON
  for (trial_record& x : log.take_up(table_sha256))
    known.emplace(to_json(x.what), std::move(x.result));
  all_results results;
  for (const trial& x : plan.trials) {
    const auto found = known.find(to_json(x));
    results.push_back(found == known.end() ? std::nullopt : std::optional(found->second));
  }
  return results;
}

std::vector<std::uint32_t> missing(const all_results& results) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t i = 0; i < results.size(); ++i)
    if (!results[i])
      positions.push_back(i);
  return positions;
}

/// Takes results as they arrive: into the log, and onto the terminal.
class live_board {
public:
  live_board(const search_plan& plan, const search_settings& settings, trial_log& log, const search_terms& terms,
             all_results& results)
      : plan_(plan),
        settings_(settings),
        log_(log),
        terms_(terms),
        results_(results),
        trials_(static_cast<std::uint32_t>(missing(results).size())) {}

  /// Never throws, for it is called by an actor: see `check`.
  void take(std::uint32_t position, const trial_result& x) noexcept {
    try {
      results_[position] = x;
      log_.append({1, terms_.table_sha256, plan_.trials[position], x});
      show(position / settings_.folds);
    } catch (...) {
      problem_ = std::current_exception();
      broken_ = true;
    }
  }

  bool broken() const { return broken_; }

  /// Once no result can arrive any more. @throws what `take` could not
  void check() const {
    if (problem_)
      std::rethrow_exception(problem_);
  }

private:
  void show(std::uint32_t cell) {
    const auto* const first = &results_[std::size_t{cell} * settings_.folds];
    if (std::all_of(first, first + settings_.folds, [](const auto& x) { return x.has_value(); })) {
      const std::vector<tuning_cell> board = tuning_cells(plan_.cells, settings_, results_);
      const auto ranked = std::count_if(board.begin(), board.end(), [](const tuning_cell& x) { return x.rank > 0; });
      line_.say(fmt::format("rank {} of {}: {}", board[cell].rank, ranked, tuning_line(board[cell], settings_)));
      best_ = "best: " + tuning_line(*best_of(board), settings_);
    }
    line_.show({trials_, ++done_, 0, 0}, best_);
  }

  const search_plan& plan_;
  const search_settings& settings_;
  trial_log& log_;
  const search_terms& terms_;
  all_results& results_;
  std::uint32_t trials_;
  std::uint32_t done_ = 0;
  std::string best_;
  progress_line line_{"tuning", "trials"};
  std::exception_ptr problem_;
  std::atomic<bool> broken_ = false;
};

tuning_report begin_report(const search_plan& plan, const run_settings& settings, const run_report& report) {
  tuning_report result;
  result.fugato = report.fugato;
  result.command = report.command;
  result.started = report.started;
  result.model = settings.train.model;
  result.split = settings.train.split.kind;
  result.leaky = split_kinds().at(result.split).leaky;
  result.search = settings.tune;
  result.higher_is_better = search_metrics().at(settings.tune.metric).higher_is_better;
  result.trials = static_cast<std::uint32_t>(plan.trials.size());
  return result;
}

/// Makes the trials at these positions of the plan.
trial_outcomes make(session& actors, const std::shared_ptr<const dataset>& data, const search_plan& plan,
                    const std::vector<std::uint32_t>& positions, live_board& board, const search_terms& terms) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  const auto over = [&] {
    const std::chrono::duration<double> spent = clock::now() - start;
    return board.broken() || terms.stop() || (terms.budget_minutes > 0 && spent.count() > 60 * terms.budget_minutes);
  };
  if (over()) // lines would be given their first trials before they are told
    return {};
  std::vector<trial> trials;
  for (const std::uint32_t i : positions)
    trials.push_back(plan.trials[i]);
  return actors.run_trials(
      data, trials, [&](std::uint32_t i, const trial_result& x) { board.take(positions[i], x); }, over);
}

} // namespace

search_plan plan_search(const run_settings& settings) {
  search_plan plan;
  plan.cells = search_cells(settings.tune, settings.train.model, settings.models);
  plan.trials = search_trials(plan.cells, settings.tune, settings.train);
  return plan;
}

tuning_report search(session& actors, const std::shared_ptr<const dataset>& data, const search_plan& plan,
                     const run_settings& settings, trial_log& log, const search_terms& terms, run_report& report) {
  tuning_report result = begin_report(plan, settings, report);
  result.budget_minutes = terms.budget_minutes;
  all_results results = known_results(plan, log, terms.table_sha256);
  const std::vector<std::uint32_t> positions = missing(results);
  result.trials_resumed = result.trials - static_cast<std::uint32_t>(positions.size());
  note(fmt::format("{} cells x {} folds: {} trials, {} of them done before", plan.cells.size(), settings.tune.folds,
                   result.trials, result.trials_resumed));
  const stopwatch watch;
  trial_outcomes outcomes;
  if (!positions.empty()) {
    live_board board{plan, settings.tune, log, terms, results};
    outcomes = make(actors, data, plan, positions, board, terms);
    board.check();
  }
  const cost spent = with_workers(watch.elapsed(), outcomes.dispatch);
  report.add_phase("search", spent);
  result.wall_seconds = spent.wall_seconds;
  result.cpu_seconds = spent.cpu_seconds;
  result.dispatch =
      dispatch_report_of(outcomes.dispatch, settings.dispatch, static_cast<std::uint32_t>(positions.size()));
  result.trials_failed = static_cast<std::uint32_t>(outcomes.failures.size());
  result.stopped_by_budget = missing(results).size() > outcomes.failures.size();
  result.cells = tuning_cells(plan.cells, settings.tune, results);
  for (const trial_failure& x : outcomes.failures)
    result.cells[positions[x.trial] / settings.tune.folds].problems.push_back(x.sentence);
  for (const auto& x : results)
    result.trial_cpu_seconds += x ? x->fit.cpu_seconds + x->predict.cpu_seconds : 0;
  return result;
}

std::string why_incomplete(const tuning_report& x) {
  for (const tuning_cell& cell : x.cells)
    if (!cell.problems.empty())
      return fmt::format("{} trials failed: {}", x.trials_failed, cell.problems.front());
  return fmt::format("the budget of {} minutes ended first; --resume goes on", x.budget_minutes);
}

} // namespace fugato
