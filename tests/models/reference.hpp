// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/read_text.hpp"
#include "models/metrics.hpp"
#include "models/table.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>
#include <string>

/// The table of data/reference/ and scikit-learn's answers (see make.py there), and
/// what every model has to stand.
namespace fugato::reference {

inline const std::string folder = FUGATO_SOURCE_DIR "/tests/models/data/reference";

inline const dataset& table() {
  static const dataset t = read_table(folder + "/table.csv");
  return t;
}

/// The rows as they stand: those to learn from, or those to answer for.
inline samples rows(bool learnt) {
  const dataset& t = table();
  samples x;
  x.width = t.width();
  for (std::size_t i = 0; i < t.rows(); ++i)
    if ((i % 10 < 7) == learnt) {
      x.values.insert(x.values.end(), t.row(i).begin(), t.row(i).end());
      x.labels.push_back(t.labels[i]);
    }
  return x;
}

inline samples train() { return rows(true); }
inline samples test() { return rows(false); }

inline fit_context context(unsigned threads = 1, std::uint64_t seed = 0) {
  fit_context result;
  result.classes = static_cast<std::uint32_t>(table().label_names.size());
  result.threads = threads;
  result.seed = seed;
  result.columns = table().columns;
  return result;
}

inline nlohmann::json cases(const char* model) {
  return nlohmann::json::parse(read_text(folder + "/answers.json", errc::bad_table)).at(model);
}

using maker = std::unique_ptr<classifier> (*)();

inline std::unique_ptr<classifier> fitted(maker make, const std::string& parameters = "{}", unsigned threads = 1,
                                          std::uint64_t seed = 0) {
  auto model = make();
  set_parameters(*model, parameters);
  model->fit(train(), context(threads, seed));
  return model;
}

/// Fits a model as a case says.
inline std::unique_ptr<classifier> fitted_as(const nlohmann::json& one, maker make) {
  return fitted(make, one.at("parameters").dump(), 1, one.at("seed"));
}

inline std::string saved(const classifier& model, const std::string& file) {
  const scratch_folder place("model_saved");
  REQUIRE(model.save(place.path) == std::vector{file});
  return read_text(place.path + "/" + file, errc::bad_model);
}

/// What `load` says of these bytes, without the path.
inline std::string refusal(classifier& model, const std::string& file, const std::string& bytes) {
  const scratch_folder place("model_refused");
  const std::string path = place.path + "/" + file;
  std::ofstream(path, std::ios::binary) << bytes;
  std::string why = sentence(errc::bad_model, [&] { model.load(place.path); });
  if (why.starts_with(path + ": "))
    why.erase(0, path.size() + 2);
  return why;
}

inline void check_rows_sum_to_1(const std::vector<float>& p, std::size_t classes) {
  for (std::size_t i = 0; i < p.size(); i += classes) {
    const auto first = p.begin() + static_cast<std::ptrdiff_t>(i);
    CHECK(std::abs(std::accumulate(first, first + static_cast<std::ptrdiff_t>(classes), 0.0) - 1) < 1e-6);
  }
}

inline void check_same_for_all_threads_and_after_load(maker make, const std::string& parameters,
                                                      const std::string& file) {
  const auto alone = fitted(make, parameters, 1, 5);
  const std::string bytes = saved(*alone, file);
  const auto expected = alone->predict_proba(test(), 1);
  check_rows_sum_to_1(expected, 4);
  for (const unsigned threads : {2U, 3U, 16U}) {
    CHECK(saved(*fitted(make, parameters, threads, 5), file) == bytes);
    CHECK(alone->predict_proba(test(), threads) == expected);
  }
  const auto loaded = make();
  set_parameters(*loaded, parameters);
  CHECK(refusal(*loaded, file, bytes) == "no error");
  CHECK(loaded->predict_proba(test(), 2) == expected);
  CHECK(loaded->importance() == alone->importance());
  CHECK(saved(*loaded, file) == bytes);
}

/// Cut files are refused; a changed byte is refused, or the model still answers with probabilities.
inline void check_stands_damage(maker make, const std::string& parameters, const std::string& file) {
  const std::string bytes = saved(*fitted(make, parameters), file);
  const auto model = make();
  set_parameters(*model, parameters);
  for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 200)
    CHECK(refusal(*model, file, bytes.substr(0, length)) != "no error");
  CHECK(refusal(*model, file, bytes + "x") == "must end after its last matrix, but 1 bytes follow");

  samples few = test();
  few.values.resize(8 * few.width);
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string changed = bytes;
    // every other change goes into the first header, whose numbers are sizes
    changed[random() % (i % 2 == 0 ? 128 : bytes.size())] = static_cast<char>(random());
    const auto victim = make();
    set_parameters(*victim, parameters);
    if (refusal(*victim, file, changed) != "no error") {
      ++refused;
      continue;
    }
    for (const float p : victim->predict_proba(few, 1))
      CHECK((p >= 0 && p <= 1.001F));
  }
  CHECK(refused > 300);
}

inline void check_refuses_what_cannot_be_learnt(maker make, const std::string& who) {
  const auto why = [&](const samples& x) {
    const auto model = make();
    return sentence(errc::bad_model, [&] { model->fit(x, context()); });
  };
  samples x = train();
  x.labels.assign(x.rows(), 2);
  CHECK(why(x) == who + " needs training rows of at least 2 classes, found 1");
  x.labels.clear();
  CHECK(why(x) == who + " needs a label for each of at least one training row, found 0 labels for 280 rows");

  const auto model = make();
  CHECK(sentence(errc::bad_model, [&] { model->predict_proba(test(), 1); }) ==
        who + " must be trained or loaded first");
  CHECK(sentence(errc::bad_model, [&] { model->save("/tmp"); }) == who + " must be trained or loaded first");
  model->fit(train(), context());
  CHECK(model->predict_proba(samples{12, {}, {}}, 1).empty());
  CHECK(sentence(errc::bad_model, [&] {
          model->predict_proba(samples{5, std::vector<float>(10), {}}, 1);
        }) == who + " needs rows of 12 columns, found 5");
  const auto copy = model->clone();
  hyper_parameters a{*model};
  hyper_parameters b{*copy};
  CHECK(to_json(a) == to_json(b));
  CHECK(sentence(errc::bad_model, [&] { copy->predict_proba(test(), 1); }) == who + " must be trained or loaded first");
}

} // namespace fugato::reference
