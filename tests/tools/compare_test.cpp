// SPDX-License-Identifier: GPL-3.0-or-later
// `fugato compare` as its users meet it.
#include "actors/policy.hpp"
#include "audio/wav.hpp"
#include "models/table.hpp"
#include "report/trace.hpp"
#include "tests/models/blobs.hpp"
#include "tests/report/comparison_violations.hpp"
#include "tools/compare_sampler.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A folder to work in, with six tracks of 4 s and the program.
struct desk {
  fs::path path = fs::temp_directory_path() / ("fugato-compare-test-" + std::to_string(getpid()));

  desk() {
    for (unsigned i = 0; i < 6; ++i) {
      const std::string genre = i < 3 ? "high" : "low";
      fs::create_directories(path / "music" / genre);
      std::vector<std::int16_t> tone(88'200);
      for (std::size_t t = 0; t < tone.size(); ++t)
        tone[t] = static_cast<std::int16_t>(9000 * std::sin((i < 3 ? 0.3 : 0.03) * (1 + 0.1 * i) * double(t)));
      fugato::write_wav(path / "music" / genre / (genre + "." + std::to_string(i) + ".wav"), tone, 22050);
    }
    write("cells.json", R"({"corpus": "music", "compare":
      {"policies": ["synchronous", "threads"], "workers": [1, 2], "repetitions": 2, "files": 4, "warmup": 1}})");
  }
  ~desk() { fs::remove_all(path); }

  void write(const std::string& name, const std::string& text) const { std::ofstream{path / name} << text; }

  int fugato(const std::string& arguments) const {
    const std::string command =
        "cd '" + path.string() + "' && '" FUGATO_BINARY "' " + arguments + " >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string out() const { return content(path / "out.txt"); }
  std::string err() const { return content(path / "err.txt"); }
};

} // namespace

TEST_CASE_FIXTURE(desk, "a comparison leaves its report, page, table and traces") {
  REQUIRE(fugato("compare cells.json --out made --set dispatch.credit=1") == 0);
  std::set<std::string> entries;
  for (const auto& entry : fs::directory_iterator(path / "made"))
    entries.insert(entry.path().filename().string());
  CHECK(entries == std::set<std::string>{"comparison.json", "comparison.html", "comparison.txt", "config.resolved.json",
                                         "manifest.json", "traces"});
  CHECK(out() == content(path / "made/comparison.txt"));
  CHECK(contains(out(), "\nthreads/2 "));
  CHECK(contains(content(path / "made/comparison.html"), "high.0.wav, "));
  CHECK(contains(err(), "run 9/9: threads/2 took "));
  for (const char* cell : {"synchronous-1", "threads-1", "threads-2"}) {
    const auto events = fugato::read_trace(content(path / "made/traces" / (std::string(cell) + ".json")), cell);
    std::set<std::string> tracks;
    for (const fugato::trace_event& x : events)
      tracks.insert(x.name);
    CHECK(tracks.size() == 4);
  }
}

TEST_CASE_FIXTURE(desk, "the report of a real comparison conforms to the schema and adds up") {
  REQUIRE(fugato("compare cells.json --out made --json") == 0);
  const json x = json::parse(out());
  CHECK(out() == content(path / "made/comparison.json"));
  CHECK(fugato::example::violations(x) == std::vector<std::string>{});
  CHECK(x["context"]["tracks"] == 4);
  CHECK(x["context"]["repetitions"] == 2);
  CHECK(x["context"]["corpus_sha256"].get<std::string>().size() == 64);
  REQUIRE(x["results"].size() == 3); // synchronous has one line, however many workers
  CHECK(x["results"][0]["name"] == "synchronous/1");
  CHECK(x["results"][0]["speedup"] == 1.0);
  CHECK(x["results"][2]["name"] == "threads/2");
  CHECK(contains(x["results"][2]["command"], "--set dispatch.policy=threads --set dispatch.workers=2 --limit 4"));
  for (const json& cell : x["results"]) {
    CHECK(cell["output_sha256"] == x["results"][0]["output_sha256"]);
    CHECK(cell["times"].size() == 2);
    for (const json& run : cell["repetitions"]) {
      CHECK(run["wall_seconds"].get<double>() > run["work_wall_seconds"].get<double>());
      CHECK(run["work_wall_seconds"].get<double>() > 0);
      CHECK(run["user_seconds"].get<double>() + run["system_seconds"].get<double>() >=
            run["compute_cpu_seconds"].get<double>());
      CHECK(run["leader_peak_rss_bytes"].get<double>() > 1e6);
      const auto per_line = run["tracks_per_line"].get<std::vector<std::uint32_t>>();
      CHECK(per_line.size() == cell["workers"]);
      CHECK(std::accumulate(per_line.begin(), per_line.end(), 0U) == 4);
    }
  }
}

TEST_CASE_FIXTURE(desk, "all policies that there are yield the same table") {
  write("all.json", R"({"corpus": "music", "compare": {"workers": [1, 3], "repetitions": 1, "warmup": 0}})");
  REQUIRE(fugato("compare all.json --out made --json") == 0); // it refuses to compare different tables
  const json x = json::parse(out());
  std::set<std::string> seen;
  for (const json& cell : x["results"])
    seen.insert(cell["policy"].get<std::string>());
  CHECK(seen.size() == fugato::policies().size());
}

TEST_CASE_FIXTURE(desk, "threads and ranks that learn are compared, from a table") {
  fugato::write_table((path / "table.csv").string(), fugato::blobs({.tracks_per_class = 12, .chunks = 5}));
  write("learn.json", R"({"train": {"split": {"repeats": 3}}, "models": {"xgboost": {"n_estimators": 8}},
    "compare": {"threads": [1, 3], "ranks": [1, 2], "chunk_rows": [1, 5], "repetitions": 2, "warmup": 0}})");
  REQUIRE(fugato("compare table.csv --config learn.json --out made --json") == 0);
  const json x = json::parse(out());
  CHECK(fugato::example::violations(x) == std::vector<std::string>{});
  CHECK(x["context"]["stage"] == "train");
  CHECK(x["context"]["corpus"] == "table.csv");
  CHECK(x["context"]["model"] == "xgboost");
  CHECK(x["context"]["split"] == "grouped-track");
  CHECK(x["context"]["rows"] == 180);
  CHECK(x["context"]["train_rows"].get<int>() + x["context"]["test_rows"].get<int>() == 180);
  CHECK(x["published"].empty());
  std::vector<std::string> names;
  for (const json& cell : x["results"]) {
    names.push_back(cell["name"].get<std::string>());
    CHECK(cell["times"].size() == 2);
    CHECK(cell["speedup"].is_number());
    CHECK(cell["efficiency"].is_number());
    CHECK(cell["accuracy"].is_number());
    CHECK(cell["accuracy_difference"].is_number());
    CHECK(cell["oversubscribed"] == (cell["workers"] > x["context"]["num_cpus"]));
    const bool ranks = cell["policy"] != "local";
    for (const json& run : cell["repetitions"]) {
      CHECK(run["wall_seconds"].get<double>() > run["work_wall_seconds"].get<double>());
      CHECK(run["work_wall_seconds"].get<double>() > 0);
      CHECK((run["startup_wall_seconds"].get<double>() > 0) == ranks);
      CHECK((run["wire_bytes"].get<double>() > 0) == ranks);
    }
  }
  CHECK(names == std::vector<std::string>{"local/1", "local/3", "distributed/1", "distributed/2", "distributed:5/1",
                                          "distributed:5/2"});
  CHECK(x["results"][1]["same_output"] == true); // threads never change a model
  CHECK(contains(x["results"][5]["command"], "fugato -q train table.csv --first-split --config learn.json --set "
                                             "train.policy=distributed --set train.ranks=2 --set train.chunk_rows=5"));
  const std::string text = content(path / "made/comparison.txt");
  CHECK(contains(text, "xgboost, split grouped-track: "));
  CHECK(contains(text, "\nWhether the models are equal\n"));
  CHECK(contains(text, "local: 2 of 2 cells learnt local/1's model, to the byte"));
  const std::string page = content(path / "made/comparison.html");
  CHECK(contains(page, "Training compared"));
  CHECK(contains(page, "speed-up over local/1"));
  CHECK(contains(page, "CPU and memory over time"));
  CHECK_FALSE(contains(page, "course report"));
  CHECK_FALSE(fs::exists(path / "made/traces"));
}

TEST_CASE_FIXTURE(desk, "where a corpus is to be learnt from, its table is made once and kept") {
  REQUIRE(fugato("compare cells.json --stage train --out made --json --set 'compare.threads=[1]' --set "
                 "'compare.ranks=[]' --set train.model=knn --set models.knn.n_neighbors=2 --set "
                 "train.split.stratified=true --set compare.warmup=0") == 0);
  const json x = json::parse(out());
  CHECK(fugato::example::violations(x) == std::vector<std::string>{});
  CHECK(fs::exists(path / "made/features.csv"));
  CHECK(x["results"].size() == 1);
  CHECK(x["context"]["corpus"] == "music");
  CHECK(contains(x["results"][0]["command"], "train made/features.csv "));
}

TEST_CASE_FIXTURE(desk, "a wrong comparison of training is refused before anything is measured") {
  fugato::write_table((path / "table.csv").string(), fugato::blobs({}));
  const auto refused = [&](const std::string& arguments, const std::string& why) {
    CHECK(fugato("compare " + arguments + " --out made") == 2);
    CHECK_MESSAGE(contains(err(), why), err());
    CHECK_FALSE(fs::exists(path / "made"));
  };
  refused("table.csv --stage extract", "a table can be learnt from only, but the stage is 'extract'");
  refused("table.csv --stage trian", "unknown stage 'trian'; did you mean 'train'?");
  refused("cells.json --config cells.json", "--config must stand alone");
  refused("table.csv --set train.model=knn", "distributed needs a model that ranks can learn together");
  refused("table.csv --set 'compare.threads=[]' --set 'compare.chunk_rows=[]'", "must hold at least one count");
  CHECK(fugato("compare table.csv --out made --set 'compare.ranks=[2]' --set compare.warmup=0 --set "
               "'compare.chunk_rows=[5000]'") == 1);
  CHECK(contains(err(), "each of 2 ranks needs a chunk of rows to learn from"));
  CHECK_FALSE(fs::exists(path / "made"));
}

TEST_CASE_FIXTURE(desk, "a run that fails ends the comparison, and nothing is left behind") {
  fs::remove_all(path / "music");
  fs::create_directories(path / "music/noise");
  write("music/noise/broken.wav", "not audio");
  CHECK(fugato("compare cells.json --out made") == 1);
  CHECK(contains(err(), "synchronous/1: each run must succeed, but one ended with exit code 1: "));
  CHECK(contains(err(), "at least one track must be usable"));
  CHECK_FALSE(fs::exists(path / "made"));
  for (const auto& entry : fs::directory_iterator(path))
    CHECK_FALSE(contains(entry.path().filename().string(), "partial"));
}

TEST_CASE_FIXTURE(desk, "a wrong comparison is refused before anything is measured") {
  CHECK(fugato("compare cells.json --out made --set 'compare.policies=[\"thread\"]'") == 2);
  CHECK(contains(err(), "unknown name 'thread'"));
  CHECK(contains(err(), "'threads'"));
  CHECK(fugato("compare cells.json --out made --set 'compare.workers=[]'") == 2);
  CHECK(contains(err(), "/compare/workers: must hold at least one count"));
  CHECK(fugato("compare cells.json --out made --set compare.repetitions=0") == 2);
  fs::create_directories(path / "made");
  CHECK(fugato("compare cells.json --out made") == 2);
  CHECK(contains(err(), "must not exist yet"));
}

TEST_CASE("samples are merged to means of CPU over time and the highest memory") {
  const fugato::usage_samples x{{1, 2, 4, 5, 6}, {0, 1, 2, 1, 0.5}, {10, 30, 20, 5, 6}};
  CHECK(fugato::merged(x, 5).seconds == x.seconds);
  const fugato::usage_samples y = fugato::merged(x, 3);
  CHECK(y.seconds == std::vector<double>{2, 5, 6});
  CHECK(y.cores == std::vector<double>{0.5, 5.0 / 3, 0.5}); // (2 * 2 + 1 * 1) CPU seconds in 3
  CHECK(y.rss_bytes == std::vector<double>{30, 20, 6});
  CHECK(fugato::merged({}, 3).seconds.empty());
}

TEST_CASE("the sampler sees CPU and memory of a process and its children") {
  const pid_t child = fork();
  if (child == 0) { // works, while this process waits
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true)
      getppid();
  }
  double most_cores = 0;
  double most_memory = 0;
  for (int attempt = 0; attempt < 100 && most_cores < 0.05; ++attempt) { // a busy machine lets the child wait
    fugato::usage_sampler sampler{getpid(), fugato::usage_sampler::clock::now()};
    usleep(400'000);
    const fugato::usage_samples x = sampler.finish();
    for (const double cores : x.cores)
      most_cores = std::max(most_cores, cores);
    for (const double bytes : x.rss_bytes)
      most_memory = std::max(most_memory, bytes);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(most_cores >= 0.05);
  CHECK(most_memory > 1e5);
}
