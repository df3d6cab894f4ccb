// SPDX-License-Identifier: GPL-3.0-or-later
// What learning and predicting cost: XGBoost's ways to search splits, threads, the making of its matrices; every
// model's fit and predictions. Run by tools/bench train.
#include "config/json.hpp"
#include "models/scaler.hpp"
#include "models/settings.hpp"
#include "models/table.hpp"
#include "models/xgboost_api.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

using namespace fugato;

namespace {

samples table;
std::uint32_t classes = 0;

/// The table's scaled rows over and over, each time with a little noise, so that no two are equal.
samples enlarged(const samples& x, std::size_t rows) {
  samples result{x.width, {}, {}};
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t from = i % x.rows();
    result.labels.push_back(x.labels[from]);
    for (std::size_t j = 0; j < x.width; ++j) {
      state = state * 1664525u + 1013904223u;
      const float noise = static_cast<float>(state >> 8) / 8388608.0f - 1;
      result.values.push_back(x.values[from * x.width + j] + 0.3f * noise);
    }
  }
  return result;
}

fit_context context(unsigned threads) {
  fit_context result;
  result.classes = classes;
  result.threads = threads;
  return result;
}

std::unique_ptr<classifier> made(const std::string& name, const std::string& parameters) {
  model_settings all;
  classifier& prototype = all.at(name);
  hyper_parameters section{prototype};
  read_json(parameters, {"models." + name, ""}, description_of(section));
  return prototype.clone();
}

void fitting(benchmark::State& state, const std::string& name, const std::string& parameters, unsigned threads) {
  for (auto _ : state)
    made(name, parameters)->fit(table, context(threads));
  state.counters["rows"] = static_cast<double>(table.rows());
}

/// By name, each learnt once. Gone before main returns: XGBoost, loaded late, does not outlive static objects.
using known_models = std::map<std::string, std::unique_ptr<classifier>>;

void predicting(benchmark::State& state, known_models* known, const std::string& name, const std::string& parameters,
                unsigned threads) {
  std::unique_ptr<classifier>& model = (*known)[name];
  if (!model) {
    model = made(name, parameters);
    model->fit(table, context(2));
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(model->predict_proba(table, threads));
  state.counters["rows_per_s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(table.rows()), benchmark::Counter::kIsRate);
}

void making_matrix(benchmark::State& state, unsigned threads) {
  for (auto _ : state)
    benchmark::DoNotOptimize(xgboost_api::matrix(table, threads).get());
  state.counters["rows"] = static_cast<double>(table.rows());
}

template <class... Arguments>
void add(const std::string& name, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), arguments...)
      ->Unit(benchmark::kMillisecond)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
}

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 2 || argc > 3) {
    std::fputs("usage: train_bench [--benchmark_...] TABLE.csv [ROWS]\n", stderr);
    return 2;
  }
  setenv("OMP_WAIT_POLICY", "passive", 0); // as the program does, before XGBoost is loaded
  const dataset data = read_table(argv[1]);
  std::vector<std::uint32_t> all(data.rows());
  std::iota(all.begin(), all.end(), 0u);
  table = enlarged(scaled(data, all, fit_scaler(data, all)), argc == 3 ? std::stoul(argv[2]) : data.rows());
  classes = static_cast<std::uint32_t>(data.label_names.size());

  known_models known;
  for (const unsigned threads : {1u, 2u}) {
    const std::string with = "/threads:" + std::to_string(threads);
    add("matrix" + with, making_matrix, threads);
    for (const char* method : {"hist", "exact"})
      add("fit/xgboost/" + std::string(method) + "/100 rounds" + with, fitting, "xgboost",
          R"({"n_estimators": 100, "tree_method": ")" + std::string(method) + R"("})", threads);
    add("predict/xgboost/100 rounds" + with, predicting, &known, "xgboost", R"({"n_estimators": 100})", threads);
  }
  for (const model& row : models())
    if (row.name != "xgboost") {
      add("fit/" + std::string(row.name) + "/threads:1", fitting, std::string(row.name), "{}", 1u);
      add("predict/" + std::string(row.name) + "/threads:1", predicting, &known, std::string(row.name), "{}", 1u);
    }
  benchmark::RunSpecifiedBenchmarks();
}
