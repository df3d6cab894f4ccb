// SPDX-License-Identifier: GPL-3.0-or-later
// What a track costs before it is measured: decoding and resampling apart, by format and rate. Each sub-folder of
// FOLDER is one kind of file, e.g. flac-44100x2. Run by tools/bench formats.
#include "audio/bytes.hpp"
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "audio/corpus.hpp"
#include "audio/resample.hpp"
#include "features/extractor.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace fugato;

namespace {

struct kind {
  std::string name;
  std::vector<std::vector<std::byte>> files;
  std::vector<decoded> tracks;
};

std::vector<kind> kinds_in(const std::string& folder) {
  std::vector<kind> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    kind one{entry.path().filename().string(), {}, {}};
    for (const track& x : list_files({entry.path().string()})) {
      one.files.push_back(read_file(x.path, max_file_bytes({}), ""));
      one.tracks.push_back(decode(one.files.back(), x.path, {}));
    }
    result.push_back(std::move(one));
  }
  std::sort(result.begin(), result.end(), [](const kind& a, const kind& b) { return a.name < b.name; });
  return result;
}

void per_track(benchmark::State& state, const kind& of) {
  state.counters["s_per_track"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(of.files.size()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decoding(benchmark::State& state, const kind& of) {
  for (auto _ : state)
    for (const std::vector<std::byte>& file : of.files)
      benchmark::DoNotOptimize(decode(file, of.name, {}));
  per_track(state, of);
}

void resampling(benchmark::State& state, const kind& of) {
  const audio_settings wanted;
  for (auto _ : state)
    for (const decoded& x : of.tracks)
      benchmark::DoNotOptimize(resample(x.mono, x.rate, wanted.rate));
  per_track(state, of);
}

void measuring(benchmark::State& state, const kind& of) {
  const audio_settings wanted;
  extractor features({}, wanted.rate);
  std::vector<float> row(features.width());
  std::vector<std::vector<float>> tracks;
  for (const decoded& x : of.tracks)
    tracks.push_back(x.rate == wanted.rate ? x.mono : resample(x.mono, x.rate, wanted.rate));
  for (auto _ : state)
    for (const std::vector<float>& samples : tracks)
      for (const chunk& part : cut(samples.size(), wanted.rate, {}))
        features.extract(std::span(samples).subspan(part.first, part.size), row);
  per_track(state, of);
}

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fputs("usage: format_bench [--benchmark_...] FOLDER\n", stderr);
    return 2;
  }
  const std::vector<kind> kinds = kinds_in(argv[1]);
  const auto add = [](const std::string& name, auto work, const kind& of) {
    benchmark::RegisterBenchmark((name + "/" + of.name).c_str(), work, of)->Unit(benchmark::kMillisecond);
  };
  for (const kind& of : kinds) {
    add("decode", decoding, of);
    if (of.tracks.front().rate != audio_settings{}.rate)
      add("resample", resampling, of);
    if (of.name.starts_with("wav"))
      add("measure", measuring, of); // the same in every format
  }
  benchmark::RunSpecifiedBenchmarks();
}
