// SPDX-License-Identifier: GPL-3.0-or-later
// What actors cost and bring: the policy `threads` with 1 and 2 lines beside a plain loop over the same pure functions,
// in one process, in turns; and 1 and 2 lines with 50, 200, 800 tracks. Run by tools/bench dispatch.
#include "actors/session.hpp"
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "audio/corpus.hpp"
#include "config/usage.hpp"
#include "features/extractor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <vector>

using namespace fugato;
using nlohmann::json;

namespace {

double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return (x[x.size() / 2] + x[(x.size() - 1) / 2]) / 2;
}

/// All rows, one after the other.
std::vector<float> rows_of(const std::vector<track>& tracks, const line_settings& settings) {
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

/// In a thread of its own, as lines are: a thread's memory comes page by page, which costs the first of them 3 %.
std::vector<float> plain_loop(const std::vector<track>& tracks, const line_settings& settings) {
  return std::async(std::launch::async, [&] { return rows_of(tracks, settings); }).get();
}

/// The same by actors: a system is started, does it and ends.
extraction by_actors(const std::vector<track>& tracks, const line_settings& settings, std::uint32_t lines) {
  dispatch_settings dispatch;
  dispatch.policy = "threads";
  dispatch.workers = lines;
  session actors(dispatch);
  return actors.extract(tracks, settings, [](const progress&) {});
}

/// One way to do it, and what each round of it took [s].
struct way {
  std::string name;
  std::function<std::vector<float>()> work;
  std::vector<double> wall = {};
  std::vector<double> cpu = {};      ///< of all threads of this process
  std::vector<double> in_lines = {}; ///< CPU, reading and measuring; empty for the loop

  std::vector<float> timed() {
    const double wall_before = seconds_of(CLOCK_MONOTONIC);
    const double cpu_before = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    std::vector<float> values = work();
    cpu.push_back(seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_before);
    wall.push_back(seconds_of(CLOCK_MONOTONIC) - wall_before);
    return values;
  }
  void forget() { wall.clear(), cpu.clear(), in_lines.clear(); }
};

double median_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i)
    ratios.push_back(a[i] / b[i]);
  return median(ratios);
}

/// The loop first in the list. @throws error when the tables differ
json compare(std::vector<way>& ways, std::size_t tracks, int repetitions) {
  for (int round = -1; round < repetitions; ++round) {
    // Another one goes first each time, so that what one leaves in the caches favours none.
    std::vector<std::vector<float>> tables(ways.size());
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const std::size_t turn = (i + static_cast<std::size_t>(round + 1)) % ways.size();
      tables[turn] = ways[turn].timed();
    }
    for (const std::vector<float>& table : tables)
      if (table.size() != tables[0].size() ||
          std::memcmp(table.data(), tables[0].data(), table.size() * sizeof(float)) != 0)
        throw error(errc::internal, "the actors' table must be the loop's, but differs");
    if (round < 0) // warms the file cache
      for (way& each : ways)
        each.forget();
  }
  json result = json::array();
  for (const way& each : ways) {
    json row{{"way", each.name},
             {"cpu_ms_per_track", 1e3 * median(each.cpu) / static_cast<double>(tracks)},
             {"wall_ms_per_track", 1e3 * median(each.wall) / static_cast<double>(tracks)},
             {"cpu_by_loop_cpu", median_ratio(each.cpu, ways[0].cpu)},
             {"loop_wall_by_wall", median_ratio(ways[0].wall, each.wall)}};
    if (!each.in_lines.empty())
      row["share_of_cpu_in_lines"] = median_ratio(each.in_lines, each.cpu);
    result.push_back(row);
  }
  return result;
}

/// The corpus over and over.
std::vector<track> so_many(const std::vector<track>& tracks, std::size_t count) {
  std::vector<track> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(tracks[i % tracks.size()]);
    result.back().id = static_cast<std::uint32_t>(i);
    result.back().name = std::to_string(i);
  }
  return result;
}

/// By the number of tracks, in rounds: CPU of one line, and what a second one brings.
json scale(const std::vector<track>& tracks, const line_settings& settings, int repetitions) {
  struct size {
    std::size_t tracks;
    way one{"", {}};
    way two{"", {}};
  };
  std::vector<size> sizes{{50}, {200}, {800}};
  for (int round = 0; round < repetitions; ++round)
    for (size& x : sizes) {
      const std::vector<track> many = so_many(tracks, x.tracks);
      x.one.work = [&] { return by_actors(many, settings, 1).data.values; };
      x.two.work = [&] { return by_actors(many, settings, 2).data.values; };
      x.one.timed();
      x.two.timed();
    }
  json result = json::array();
  for (const size& x : sizes) {
    std::vector<double> per_track;
    std::vector<double> per_track_of_first;
    for (std::size_t i = 0; i < x.one.cpu.size(); ++i) {
      per_track.push_back(x.one.cpu[i] / static_cast<double>(x.tracks));
      per_track_of_first.push_back(sizes[0].one.cpu[i] / static_cast<double>(sizes[0].tracks));
    }
    result.push_back({{"tracks", x.tracks},
                      {"cpu_ms_per_track", 1e3 * median(per_track)},
                      {"by_first", median_ratio(per_track, per_track_of_first)},
                      {"speed_up_of_two_lines", median_ratio(x.one.wall, x.two.wall)},
                      {"cpu_of_two_lines_by_one", median_ratio(x.two.cpu, x.one.cpu)}});
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fputs("usage: dispatch_bench CORPUS [REPETITIONS [FILE.json]]\n", stderr);
    return 2;
  }
  keep_freed_memory(2); // as a session does
  const std::vector<track> tracks = list_corpus(argv[1]);
  const int repetitions = argc > 2 ? std::stoi(argv[2]) : 15;
  const line_settings settings;
  std::vector<way> ways{{"plain loop", [&] { return plain_loop(tracks, settings); }}};
  ways.reserve(3);
  for (const std::uint32_t lines : {1u, 2u}) {
    ways.push_back({"threads, lines: " + std::to_string(lines), {}});
    ways.back().work = [&tracks, &settings, &own = ways.back(), lines] {
      extraction x = by_actors(tracks, settings, lines);
      own.in_lines.push_back(1e-9 * static_cast<double>(x.totals.read_nanoseconds + x.totals.extract_nanoseconds));
      return std::move(x.data.values);
    };
  }
  try {
    const json result{{"tracks", tracks.size()},
                      {"repetitions", repetitions},
                      {"ways", compare(ways, tracks.size(), repetitions)},
                      {"scaling", scale(tracks, settings, std::max(1, repetitions / 5))}};
    std::printf("%s\n", result.dump(2).c_str());
    if (argc > 3)
      std::ofstream(argv[3]) << result.dump(2) << '\n';
  } catch (const error& e) {
    std::fprintf(stderr, "dispatch_bench: %s\n", e.what());
    return 1;
  }
}
