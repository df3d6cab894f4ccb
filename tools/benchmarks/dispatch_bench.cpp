// SPDX-License-Identifier: GPL-3.0-or-later
// What actors cost: one line of the policy `threads` beside a plain loop over the same pure functions, in one
// process, in turns. Run by tools/bench dispatch.
#include "actors/session.hpp"
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "audio/corpus.hpp"
#include "features/extractor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

using namespace fugato;

namespace {

/// Of all threads of this process [s].
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// All rows, one after the other.
std::vector<float> plain_loop(const std::vector<track>& tracks, const line_settings& settings) {
  extractor features(settings.features, settings.audio.rate);
  std::vector<float> values;
  for (const track& one : tracks) {
    const clip audio = read_clip(one.path, settings.audio);
    for (const chunk& part : cut(audio.samples.size(), audio.rate, settings.chunking)) {
      values.resize(values.size() + features.width());
      features.extract(std::span(audio.samples).subspan(part.first, part.size),
                       std::span(values).last(features.width()));
    }
  }
  return values;
}

/// The same by actors: a system is started, does it and ends.
std::vector<float> by_actors(const std::vector<track>& tracks, const line_settings& settings) {
  dispatch_settings dispatch;
  dispatch.policy = "threads";
  dispatch.workers = 1;
  session actors(dispatch);
  return actors.extract(tracks, settings, [](const progress&) {}).data.values;
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return (x[x.size() / 2] + x[(x.size() - 1) / 2]) / 2;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fputs("usage: dispatch_bench CORPUS [REPETITIONS [FILE.json]]\n", stderr);
    return 2;
  }
  const std::vector<track> tracks = list_corpus(argv[1]);
  const int repetitions = argc > 2 ? std::stoi(argv[2]) : 15;
  const line_settings settings;
  std::vector<double> loops;
  std::vector<double> actors;
  std::vector<double> ratios;
  const auto timed = [](std::vector<double>& into, auto work) {
    const double start = cpu_seconds();
    std::vector<float> values = work();
    into.push_back(cpu_seconds() - start);
    return values;
  };
  for (int i = -1; i < repetitions; ++i) {
    // Each goes first every other time, so that what one leaves in the caches favours neither.
    std::vector<float> expected;
    std::vector<float> values;
    for (const bool loop : {i % 2 == 0, i % 2 != 0}) {
      if (loop)
        expected = timed(loops, [&] { return plain_loop(tracks, settings); });
      else
        values = timed(actors, [&] { return by_actors(tracks, settings); });
    }
    if (values.size() != expected.size() ||
        std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)) != 0) {
      std::fputs("the actors' table differs from the loop's\n", stderr);
      return 1;
    }
    if (i < 0) { // the first round warms the file cache
      loops.clear();
      actors.clear();
    } else {
      ratios.push_back(actors.back() / loops.back());
    }
  }
  const auto per_track = [&](const std::vector<double>& x) {
    return 1e3 * median(x) / static_cast<double>(tracks.size());
  };
  const nlohmann::json result{{"tracks", tracks.size()},
                              {"repetitions", repetitions},
                              {"loop_cpu_ms_per_track", per_track(loops)},
                              {"actors_cpu_ms_per_track", per_track(actors)},
                              {"ratio_of_medians", median(actors) / median(loops)},
                              {"median_of_ratios", median(ratios)}};
  std::printf("%s\n", result.dump(2).c_str());
  if (argc > 3)
    std::ofstream(argv[3]) << result.dump(2) << '\n';
}
