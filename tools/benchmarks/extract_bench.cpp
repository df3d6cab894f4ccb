// SPDX-License-Identifier: GPL-3.0-or-later
// CPU seconds per track on one core: by preset, by feature, by number of tracks and length of chunks. Run by
// tools/bench.
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "audio/corpus.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"
#include "features/kernels.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

using namespace fugato;

namespace {

/// Decoded before any clock runs.
std::vector<clip> clips;
std::vector<track> tracks;

struct group {
  std::string name;
  feature_settings settings;
};

feature_settings preset(const std::string& name) {
  feature_settings result;
  const feature_preset& row = feature_presets().at(name);
  result.preset = name;
  result.names = row.names;
  result.statistics = row.statistics;
  result.n_mfcc = row.n_mfcc;
  return result;
}

feature_settings only(std::vector<std::string> names, std::vector<std::string> statistics) {
  feature_settings result;
  result.names = std::move(names);
  result.statistics = std::move(statistics);
  return result;
}

std::vector<group> groups() {
  std::vector<group> result;
  for (const feature_preset& row : feature_presets())
    result.push_back({"preset/" + std::string(row.name), preset(std::string(row.name))});
  for (const feature& row : features())
    result.push_back({"mean/" + std::string(row.name), only({std::string(row.name)}, {"mean"})});
  result.push_back({"mean+var/harmonics", only({"harmonics", "perceptual_shock_wave"}, {"mean", "var"})});
  return result;
}

void measure(extractor& features, const clip& audio, std::vector<float>& row, const chunking_settings& chunking = {}) {
  for (const chunk& part : cut(audio.samples.size(), audio.rate, chunking))
    features.extract(std::span(audio.samples).subspan(part.first, part.size), row);
}

double seconds_of_audio() {
  double result = 0;
  for (const clip& audio : clips)
    result += audio.file_seconds;
  return result;
}

void rates(benchmark::State& state) {
  const auto times = static_cast<double>(state.iterations());
  state.counters["s_per_track"] = benchmark::Counter(times * static_cast<double>(clips.size()),
                                                     benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["x_real_time"] = benchmark::Counter(times * seconds_of_audio(), benchmark::Counter::kIsRate);
}

/// One extractor for all tracks, as in a line.
void warm(benchmark::State& state, const feature_settings& settings) {
  extractor features{settings, 22050};
  std::vector<float> row(features.width());
  for (auto _ : state)
    for (const clip& audio : clips)
      measure(features, audio, row);
  rates(state);
}

/// A new extractor for each track.
void cold(benchmark::State& state, const feature_settings& settings) {
  for (auto _ : state)
    for (const clip& audio : clips) {
      extractor features{settings, 22050};
      std::vector<float> row(features.width());
      measure(features, audio, row);
    }
  rates(state);
}

void reading(benchmark::State& state) {
  for (auto _ : state)
    for (const track& x : tracks)
      benchmark::DoNotOptimize(read_clip(x.path, {}));
  rates(state);
}

/// So many tracks, decoded and measured: time must grow as they do.
void many(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const feature_settings settings = preset("report");
  for (auto _ : state) {
    extractor features{settings, 22050};
    std::vector<float> row(features.width());
    for (std::size_t i = 0; i < count; ++i)
      measure(features, read_clip(tracks[i % tracks.size()].path, {}), row);
  }
  state.counters["s_per_track"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(count),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Chunks of so many tenths of a second.
void long_chunks(benchmark::State& state) {
  extractor features{preset("report"), 22050};
  std::vector<float> row(features.width());
  chunking_settings chunking;
  chunking.mode = "even";
  chunking.seconds = static_cast<double>(state.range(0)) / 10;
  for (auto _ : state)
    for (const clip& audio : clips)
      measure(features, audio, row, chunking);
  rates(state);
}

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fputs("usage: extract_bench [--benchmark_...] CORPUS\n", stderr);
    return 2;
  }
  tracks = list_corpus(argv[1]);
  for (const track& x : tracks)
    clips.push_back(read_clip(x.path, {}));
  benchmark::RegisterBenchmark("read", reading)->Unit(benchmark::kMillisecond);
  const std::vector<group> all = groups();
  for (const group& one : all)
    benchmark::RegisterBenchmark(("warm/" + one.name).c_str(), warm, one.settings)->Unit(benchmark::kMillisecond);
  for (const feature_preset& row : feature_presets())
    benchmark::RegisterBenchmark(("cold/preset/" + std::string(row.name)).c_str(), cold, preset(std::string(row.name)))
        ->Unit(benchmark::kMillisecond);
  for (const feature_preset& row : feature_presets())
    for (const instruction_set& isa : instruction_sets())
      if (isa.supported()) {
        feature_settings settings = preset(std::string(row.name));
        settings.isa = isa.name;
        const std::string name = "isa/" + std::string(isa.name) + "/" + std::string(row.name);
        benchmark::RegisterBenchmark(name.c_str(), warm, settings)->Unit(benchmark::kMillisecond);
      }
  benchmark::RegisterBenchmark("tracks", many)->Arg(50)->Arg(200)->Arg(800)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("chunk", long_chunks)
      ->Arg(10)
      ->Arg(33)
      ->Arg(100)
      ->Arg(300)
      ->Unit(benchmark::kMillisecond);
  benchmark::RunSpecifiedBenchmarks();
}
