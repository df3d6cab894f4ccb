// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trial_summary.hpp"

#include <vector>

namespace fugato {
namespace {

/// Mean and deviation of a figure of those trials that have it.
template <class Figure>
figure_spread over(std::span<const trial_result> results, score_summary trial_result::*scores, Figure figure) {
  std::vector<double> values;
  for (const trial_result& x : results)
    if ((x.*scores).rows > 0)
      values.push_back((x.*scores).*figure);
  return spread_of(values);
}

} // namespace

void describe(visitor& v, trial_summary& x) {
  v("model", x.model, anything{}, "name");
  v("split", x.split, anything{}, "kind of split");
  v("leaky", x.leaky, anything{}, "chunks of one track on both sides: figures flatter the model");
  v("trials", x.trials, anything{}, "splits that it was tried with");
  v("accuracy", x.accuracy, "test part, by chunk");
  v("macro_f1", x.macro_f1, "test part, by chunk");
  v("log_loss", x.log_loss, "test part, by chunk [nat]");
  v("track_accuracy", x.track_accuracy, "test part, by track");
  v("track_macro_f1", x.track_macro_f1, "test part, by track");
  v("train_accuracy", x.train_accuracy, "training part, by chunk");
  v("fit", x.fit, "learning, mean of a trial");
  v("predict", x.predict, "predicting the test part, mean of a trial");
}

trial_summary summarise(std::span<const trial_result> results) {
  trial_summary all;
  if (results.empty())
    return all;
  all.model = results.front().model;
  all.split = results.front().split;
  all.leaky = results.front().leaky;
  all.trials = static_cast<std::uint32_t>(results.size());
  all.accuracy = over(results, &trial_result::test_chunks, &score_summary::accuracy);
  all.macro_f1 = over(results, &trial_result::test_chunks, &score_summary::macro_f1);
  all.log_loss = over(results, &trial_result::test_chunks, &score_summary::log_loss);
  all.track_accuracy = over(results, &trial_result::test_tracks, &score_summary::accuracy);
  all.track_macro_f1 = over(results, &trial_result::test_tracks, &score_summary::macro_f1);
  all.train_accuracy = over(results, &trial_result::train_chunks, &score_summary::accuracy);
  const auto n = static_cast<double>(results.size());
  for (const trial_result& x : results) {
    all.fit.wall_seconds += x.fit.wall_seconds / n;
    all.fit.cpu_seconds += x.fit.cpu_seconds / n;
    all.predict.wall_seconds += x.predict.wall_seconds / n;
    all.predict.cpu_seconds += x.predict.cpu_seconds / n;
  }
  return all;
}

} // namespace fugato
