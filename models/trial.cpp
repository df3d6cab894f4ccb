// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trial.hpp"

#include "config/error.hpp"
#include "config/json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace fugato {

void describe(visitor& v, trial& x) {
  v("model", x.model, one_of{models().names()}, "what is trained");
  v("parameters", x.parameters, anything{}, "JSON of the model's section; what it leaves out has its default");
  v("split", x.split, "how the table is parted");
  v("part", x.part, anything{}, "which split of the plan, counted from 0");
  v("seed", x.seed, between{0, 4294967295}, "of whatever the model draws at random");
  v("tuning_folds", x.tuning_folds, between{0, 1000},
    "0: judged by the test part; else by parts of the training rows: 1: those set aside, more: folds");
  v("tuning_fold", x.tuning_fold, anything{}, "which of these folds");
  v("probabilities", x.probabilities, anything{}, "whether the result holds each row's probabilities");
}

void describe(visitor& v, score_summary& x) {
  v("rows", x.rows, anything{}, "how many were predicted");
  v("accuracy", x.accuracy, between{0, 1}, "share of right predictions");
  v("accuracy_interval", x.accuracy_interval, "95 % interval of the accuracy, by bootstrap over tracks");
  v("macro_f1", x.macro_f1, between{0, 1}, "plain mean of the classes' F1");
  v("weighted_f1", x.weighted_f1, between{0, 1}, "mean of the classes' F1, weighted by support");
  v("log_loss", x.log_loss, anything{}, "mean of -ln p(truth) [nat]");
  v("top3", x.top3, between{0, 1}, "share of rows whose class is among the three most likely");
}

void describe(visitor& v, trial_result& x) {
  v("model", x.model, anything{}, "what was trained");
  v("split", x.split, anything{}, "kind of split");
  v("leaky", x.leaky, anything{}, "chunks of one track on both sides: figures flatter the model");
  v("repeat", x.repeat, anything{}, "which repetition");
  v("fold", x.fold, anything{}, "which fold");
  v("test_chunks", x.test_chunks, "test part, by chunk");
  v("test_tracks", x.test_tracks, "test part, by track (mean of its chunks' probabilities)");
  v("train_chunks", x.train_chunks, "training part, by chunk");
  v("train_tracks", x.train_tracks, "training part, by track");
  v("fit", x.fit, "what learning cost");
  v("predict", x.predict, "what predicting the test part cost");
  v("probabilities", x.probabilities, anything{}, "of the test part, row by row; empty unless asked for");
}

score_summary summary_of(const evaluation& x) {
  return {x.rows, x.accuracy, x.accuracy_interval, x.macro.f1, x.weighted.f1, x.log_loss, x.top3};
}

trial_result summary_of(const training_result& x) {
  trial_result result;
  result.model = x.model.name;
  result.split = x.parts.kind;
  result.leaky = x.parts.leaky;
  result.repeat = x.parts.repeat;
  result.fold = x.parts.fold;
  result.test_chunks = summary_of(x.test.chunks);
  result.test_tracks = summary_of(x.test.tracks);
  result.train_chunks = summary_of(x.train.chunks);
  result.train_tracks = summary_of(x.train.tracks);
  result.fit = x.fit;
  result.predict = x.predict;
  return result;
}

trial_result run_trial(const dataset& table, const trial& what, unsigned threads, const std::atomic<bool>* cancel) {
  model_settings models;
  hyper_parameters section{models.at(what.model)};
  read_json(what.parameters, {"models." + what.model, ""}, description_of(section));
  split parts = split_rows(table, what.split, what.part);
  if (what.tuning_folds > 0) {
    std::vector<split> inner = inner_splits(table, parts, what.split, what.tuning_folds);
    if (what.tuning_fold >= inner.size())
      throw error(errc::settings,
                  fmt::format("tuning_fold must be below {}, found {}", inner.size(), what.tuning_fold));
    parts = std::move(inner[what.tuning_fold]);
  }
  const train_settings settings{what.model, what.seed, what.split};
  const training_result trained = train(table, std::move(parts), settings, models, threads, cancel);
  trial_result result = summary_of(trained);
  if (what.probabilities)
    result.probabilities.assign(trained.test.probabilities.begin(), trained.test.probabilities.end());
  return result;
}

std::string parameters_of(const model_settings& models, std::string_view model) {
  const auto copy = models.at(model).clone();
  hyper_parameters section{*copy};
  return write_json(description_of(section));
}

std::vector<trial> trials_of(const train_settings& settings, const model_settings& models) {
  constexpr std::uint64_t seeds = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;
  const std::uint32_t count = split_count(settings.split);
  const std::uint32_t folds = count / settings.split.repeats;
  std::vector<trial> result;
  for (std::uint32_t part = 0; part < count; ++part) {
    trial one{settings.model, parameters_of(models, settings.model), settings.split};
    one.part = part;
    one.seed = (settings.seed + part / folds) % seeds;
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<trial> rival_trials(const train_settings& settings, const model_settings& prototypes) {
  const bool leaky = split_kinds().at(settings.split.kind).leaky;
  const auto other =
      std::find_if(split_kinds().begin(), split_kinds().end(), [&](const split_kind& x) { return x.leaky != leaky; });
  std::vector<trial> result;
  for (const std::string& kind : {settings.split.kind, std::string(other->name)})
    for (const model& row : models()) {
      train_settings rival = settings;
      rival.model = row.name;
      rival.split.kind = kind;
      for (trial& x : trials_of(rival, prototypes))
        result.push_back(std::move(x));
    }
  std::stable_sort(result.begin(), result.end(), [](const trial& a, const trial& b) {
    return models().at(a.model).effort > models().at(b.model).effort;
  });
  return result;
}

} // namespace fugato
