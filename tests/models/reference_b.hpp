// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table.hpp"
#include "tests/models/models.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

namespace fugato {

/// What scikit-learn and Python's XGBoost make of a small table (tests/models/data/reference_b/make.py).
struct reference_b {
  static std::string path(const std::string& name) {
    return FUGATO_SOURCE_DIR "/tests/models/data/reference_b/" + name;
  }

  dataset table = read_table(path("table.csv"));
  nlohmann::json answers = nlohmann::json::parse(std::ifstream(path("answers.json")));
  samples learnt_from = rows(0, 280);
  samples unseen = rows(280, 400);

  /// An untrained model with the parameters of an answer.
  std::unique_ptr<classifier> model(std::unique_ptr<classifier> made, const std::string& answer) const {
    set_parameters(*made, answers.at(answer).at("parameters").dump());
    return made;
  }

  fit_context context(std::uint64_t seed, unsigned threads = 1) const {
    fit_context result;
    result.classes = 4;
    result.seed = seed;
    result.threads = threads;
    return result;
  }

  /// Greatest difference of a model's probabilities of the unseen rows from an answer's.
  double difference(const classifier& model, const std::string& answer) const {
    const std::vector<float> found = model.predict_proba(unseen, 1);
    const auto expected = answers.at(answer).at("probabilities").get<std::vector<double>>();
    double result = found.size() == expected.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
      result = std::max(result, std::abs(static_cast<double>(found[i]) - expected[i]));
    return result;
  }

private:
  samples rows(std::size_t first, std::size_t end) const {
    samples x{table.width(), {}, {}};
    for (std::size_t i = first; i < end; ++i) {
      x.values.insert(x.values.end(), table.row(i).begin(), table.row(i).end());
      x.labels.push_back(table.labels[i]);
    }
    return x;
  }
};

} // namespace fugato
