// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/training.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <span>
#include <string>
#include <utility>

namespace fugato {
namespace {

/// One NaN would spoil its whole column's mean and scale.
void check_finite(const dataset& table) {
  const auto bad = std::find_if(table.values.begin(), table.values.end(), [](float x) { return !std::isfinite(x); });
  if (bad == table.values.end())
    return;
  const auto at = static_cast<std::size_t>(bad - table.values.begin());
  const std::size_t row = at / table.width();
  const std::string place =
      table.tracks.empty() ? fmt::format("row {}", row + 1)
                           : fmt::format("chunk {} of '{}'", table.chunks[row], table.track_names[table.tracks[row]]);
  throw error(errc::bad_table, fmt::format("training needs finite values, found {} in column '{}' of {}", *bad,
                                           table.columns[at % table.width()], place));
}

void check_trainable(const dataset& table) {
  if (table.rows() == 0)
    throw error(errc::bad_table, "training needs at least one row, but the table is empty");
  if (table.labels.empty())
    throw error(errc::bad_table, "training needs a label for each row, but the table has no column label");
  if (table.label_names.size() < 2)
    throw error(errc::bad_model,
                fmt::format("training needs at least 2 classes, found 1: '{}'", table.label_names.front()));
  check_finite(table);
  track_labels(table); // throws when tracks and labels contradict each other
}

/// What some work costs: by its own thread's clock when it has only that one.
template <class F>
cost cost_of(unsigned threads, F&& work) {
  const stopwatch watch;
  const std::uint64_t before = thread_cpu_nanoseconds();
  std::forward<F>(work)();
  cost result = watch.elapsed();
  if (threads == 1)
    result.cpu_seconds = 1e-9 * static_cast<double>(thread_cpu_nanoseconds() - before);
  return result;
}

fitted fit_model(trained_model& model, const dataset& table, const split& parts, const train_settings& settings,
                 unsigned threads, const std::atomic<bool>* cancel,
                 const std::function<void(std::uint32_t, std::uint32_t)>& tell, const fitter& how) {
  fit_context context;
  context.tell = tell;
  context.classes = static_cast<std::uint32_t>(table.label_names.size());
  context.threads = threads;
  context.seed = settings.seed;
  context.columns = table.columns;
  context.cancel = cancel;
  if (!model.learnt->needs_validation())
    return how(*model.learnt, scaled(table, parts.train, model.scaling), context);
  const split inner = inner_splits(table, parts, settings.split).front();
  const samples validation = scaled(table, inner.test, model.scaling);
  context.validation = &validation;
  return how(*model.learnt, scaled(table, inner.train, model.scaling), context);
}

std::vector<std::uint32_t> pick(const std::vector<std::uint32_t>& from, std::span<const std::uint32_t> indices) {
  std::vector<std::uint32_t> result;
  for (const std::uint32_t i : indices)
    result.push_back(from[i]);
  return result;
}

part_result assess(std::vector<float> probabilities, const dataset& table, std::span<const std::uint32_t> rows) {
  part_result result;
  const auto tracks = table.tracks.empty() ? std::vector<std::uint32_t>{} : pick(table.tracks, rows);
  result.chunks = evaluate(pick(table.labels, rows), probabilities, table.label_names, tracks);
  if (!tracks.empty()) {
    const track_votes votes = track_probabilities(tracks, probabilities, table.label_names.size());
    result.tracks = evaluate(pick(track_labels(table), votes.tracks), votes.probabilities, table.label_names);
  }
  result.probabilities = std::move(probabilities);
  return result;
}

} // namespace

void describe(visitor& v, rank_costs& x) {
  v("ranks", x.ranks, anything{}, "processes that learnt together; 0: the model was learnt in one");
  v("startup_wall_seconds", x.startup_wall_seconds, anything{}, "until every rank had its rows [s]");
  v("startup_cpu_seconds", x.startup_cpu_seconds, anything{}, "CPU spent on that, by this process and the ranks [s]");
  v("peak_rss_bytes", x.peak_rss_bytes, anything{}, "summed over the ranks that it started");
  v("messages", x.messages, anything{}, "of the leader with the ranks; not those of the ranks among each other");
  v("wire_bytes", x.wire_bytes, anything{}, "of these messages; without the table, which each process gets once");
}

fitted fit_here(classifier& model, const samples& rows, const fit_context& context) {
  model.fit(rows, context);
  return {};
}

training_result train(const dataset& table, split parts, const train_settings& settings, const model_settings& models,
                      unsigned threads, const std::atomic<bool>* cancel,
                      const std::function<void(std::uint32_t done, std::uint32_t of)>& tell, const fitter& fit) {
  check_trainable(table);
  threads = std::max(threads, 1U);
  training_result result;
  result.parts = std::move(parts);
  trained_model& model = result.model;
  model.name = settings.model;
  model.learnt = models.at(settings.model).clone();
  model.labels = table.label_names;
  model.columns = table.columns;
  model.scaling = fit_scaler(table, result.parts.train);
  fitted told;
  result.fit =
      cost_of(threads, [&] { told = fit_model(model, table, result.parts, settings, threads, cancel, tell, fit); });
  result.fit.cpu_seconds += told.cpu_seconds_elsewhere;
  result.notes = std::move(told.notes);
  result.ranks = told.ranks;

  const auto predict = [&](const std::vector<std::uint32_t>& rows) {
    return model.learnt->predict_proba(scaled(table, rows, model.scaling), threads);
  };
  std::vector<float> tested;
  result.predict = cost_of(threads, [&] { tested = predict(result.parts.test); });
  result.test = assess(std::move(tested), table, result.parts.test);
  result.train = assess(predict(result.parts.train), table, result.parts.train);
  return result;
}

training_result train(const dataset& table, const train_settings& settings, const model_settings& models,
                      unsigned threads, const std::atomic<bool>* cancel,
                      const std::function<void(std::uint32_t done, std::uint32_t of)>& tell, const fitter& fit) {
  check_trainable(table);
  return train(table, split_rows(table, settings.split), settings, models, threads, cancel, tell, fit);
}

} // namespace fugato
