// SPDX-License-Identifier: GPL-3.0-or-later
// The program as its users meet it: arguments in; exit code, stdout, stderr and files out.
#include "audio/wav.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>
#include <set>
#include <sstream>
#include <string>
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

struct answer {
  int code = -1;
  std::string out;
  std::string err;
};

/// A folder to work in, with a corpus of two genres of four tracks of 7 s, and the program.
struct desk {
  fs::path path = fs::temp_directory_path() / ("fugato-cli-test-" + std::to_string(getpid()));

  desk() {
    fs::create_directories(path / "music" / "tones");
    fs::create_directories(path / "music" / "noise");
    for (unsigned i = 0; i < 4; ++i) {
      std::vector<std::int16_t> tone(150'000);
      std::vector<std::int16_t> noise(150'000);
      for (std::size_t t = 0; t < tone.size(); ++t)
        tone[t] = static_cast<std::int16_t>(9000 * std::sin(2 * std::numbers::pi * (220 + 55 * i) * double(t) / 22050));
      std::mt19937 dice{i};
      for (auto& x : noise)
        x = static_cast<std::int16_t>(static_cast<int>(dice() % 20001) - 10000);
      fugato::write_wav(path / "music/tones" / ("tones." + std::to_string(i) + ".wav"), tone, 22050);
      fugato::write_wav(path / "music/noise" / ("noise." + std::to_string(i) + ".wav"), noise, 22050);
    }
    write("run.json", R"({ // small
      "corpus": "music", "models": {"xgboost": {"n_estimators": 5}}, "train": {"split": {"test_size": 0.5}}})");
  }
  ~desk() { fs::remove_all(path); }

  void write(const std::string& name, const std::string& text) const { std::ofstream{path / name} << text; }

  /// @param variables before the command, as a shell takes them
  answer fugato(const std::string& arguments, const std::string& variables = {}) const {
    const std::string command =
        "cd '" + path.string() + "' && " + variables + " '" FUGATO_BINARY "' " + arguments + " >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(path / "out.txt"), content(path / "err.txt")};
  }

  std::set<std::string> entries(const std::string& folder) const {
    std::set<std::string> result;
    for (const auto& entry : fs::directory_iterator(path / folder))
      result.insert(entry.path().filename().string());
    return result;
  }
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE_FIXTURE(desk, "every subcommand has help, and a wrong command line is exit code 2") {
  const answer help = fugato("--help");
  CHECK(help.code == 0);
  for (const char* name : {"run", "extract", "train", "tune", "report", "predict", "tag", "config", "list", "corpus",
                           "explore", "describe", "demo-corpus", "compare", "worker", "certificates"}) {
    CHECK(contains(help.out, name));
    const answer one = fugato(std::string(name) + " --help");
    CHECK(one.code == 0);
    CHECK(contains(one.out, name));
  }
  CHECK(fugato("").code == 2);
  CHECK(fugato("ruin x.json").code == 2);
  const answer wrong = fugato("run --outt x run.json");
  CHECK(wrong.code == 2);
  CHECK(wrong.out.empty());
  CHECK(contains(wrong.err, "fugato run: "));
  CHECK(contains(wrong.err, "--outt"));
}

TEST_CASE_FIXTURE(desk, "a command that is not is told, with the one that may be meant") {
  CHECK(contains(fugato("ruin x.json").err, "fugato: unknown command 'ruin'; did you mean 'run'?"));
  CHECK(contains(fugato("list metric").err, "fugato list: unknown command 'metric'; did you mean 'metrics'?"));
  CHECK(contains(fugato("list").err, "fugato list: A subcommand is required"));
}

TEST_CASE_FIXTURE(desk, "devices are neither configurations nor tables, for they may have no end") {
  for (const char* command : {"run /dev/zero --out made", "train /dev/zero --out made", "describe /dev/zero"}) {
    const answer x = fugato(command, "timeout 20");
    CHECK((x.code == 1 || x.code == 2));
    CHECK(contains(x.err, "/dev/zero: must be a file or a pipe, found a device"));
  }
}

TEST_CASE_FIXTURE(desk, "options that are numbers are not NaN") {
  for (const char* command : {"predict --model m x.wav --threshold", "describe t.csv --correlated",
                              "explore x.wav --seconds", "worker --join x --wait", "tune t.csv --budget"}) {
    const answer x = fugato(std::string(command) + " nan");
    CHECK(x.code == 2);
    CHECK(contains(x.err, "must be a number from "));
  }
}

TEST_CASE_FIXTURE(desk, "a name that is too long is no internal error") {
  const answer x = fugato("run run.json --out " + std::string(300, 'x'));
  CHECK(x.code == 1);
  CHECK(contains(x.err, "xxx"));
  CHECK(contains(x.err, ": must be a path that can be used: File name too long"));
}

TEST_CASE_FIXTURE(desk, "where no folder can be made nothing can be written") {
  const answer x = fugato("run run.json --out run.json/made");
  CHECK(x.code == 74);
  CHECK(contains(x.err, "run.json: must be a folder or be made one: "));
}

TEST_CASE_FIXTURE(desk, "a file that may not grow is an output that cannot be written") {
  const answer x = fugato("extract music -o small.csv", "ulimit -f 1;");
  CHECK(x.code == 74);
  CHECK(contains(x.err, "must be writable: File too large"));
}

TEST_CASE_FIXTURE(desk, "the version names the libraries") {
  const answer version = fugato("--version");
  CHECK(version.code == 0);
  for (const char* name : {"fugato", "caf", "libsndfile", "fftw", "eigen", "xgboost", "nlohmann-json", "libsoxr"})
    CHECK(contains(version.out, name));
}

TEST_CASE_FIXTURE(desk, "no command starts with the libraries that learn, resample or render") {
  const answer needed = fugato("", "LD_TRACE_LOADED_OBJECTS=1");
  CHECK(contains(needed.out, "libsndfile"));
  for (const char* library : {"libxgboost", "libsvm", "liblbfgsb", "libblas", "libsoxr", "libfluidsynth", "libgomp"})
    CHECK_FALSE_MESSAGE(contains(needed.out, library), library);
}

TEST_CASE_FIXTURE(desk, "OpenMP's threads sleep while they wait, unless the user wants them to spin") {
  // OpenMP says so when it is loaded, with XGBoost, whose version is asked for
  CHECK(
      contains(fugato("--version", "env -u OMP_WAIT_POLICY OMP_DISPLAY_ENV=true").err, "OMP_WAIT_POLICY = 'PASSIVE'"));
  CHECK(contains(fugato("--version", "OMP_WAIT_POLICY=active OMP_DISPLAY_ENV=true").err, "OMP_WAIT_POLICY = 'ACTIVE'"));
}

TEST_CASE_FIXTURE(desk, "an instruction set can be pinned, and is told") {
  REQUIRE(fugato("run run.json --out plain --isa baseline").code == 0);
  const json manifest = json::parse(content(path / "plain/manifest.json"));
  CHECK(manifest["isa"] == json{"baseline"});
  CHECK(json::parse(content(path / "plain/config.resolved.json"))["features"]["isa"] == "baseline");
  CHECK(fugato("extract music").out == content(path / "plain/features.csv"));
  const answer wrong = fugato("extract music --isa sse9");
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "/features/isa: unknown name 'sse9'"));
  const answer lacking = fugato("extract music --isa avx2", "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2");
  CHECK(lacking.code == 2);
  CHECK(contains(lacking.err, "/features/isa must be one that this processor has; it has no 'avx2'"));
}

TEST_CASE_FIXTURE(desk, "a wrong configuration is one line with file, pointer and suggestion, and creates nothing") {
  write("bad.json", R"({"corpus": "music", "dispatch": {"policy": "threds"}})");
  for (const char* command : {"run bad.json --out made", "config check bad.json", "extract bad.json -o made"}) {
    const answer x = fugato(command);
    CHECK(x.code == 2);
    CHECK(x.out.empty());
    CHECK(x.err == "fugato: bad.json: /dispatch/policy: unknown name 'threds'; did you mean 'threads'?\n");
    CHECK_FALSE(fs::exists(path / "made"));
  }
  const answer set = fugato("run run.json --out made --set audio.rate=5");
  CHECK(set.code == 2);
  CHECK(set.err == "fugato: --set audio.rate=5: /audio/rate: must lie in [1000, 192000], found 5\n");
  CHECK(fugato("run no.json --out made").code == 2);
  write("none.json", R"({"corpus": "nowhere"})");
  CHECK(fugato("run none.json --out made").code != 0);
  CHECK(fugato("run run.json --out made --set features.hop_length=4096").code == 2);
  CHECK_FALSE(fs::exists(path / "made"));
}

TEST_CASE_FIXTURE(desk, "settings come from defaults, then the file, then --set") {
  const answer shown = fugato("config show run.json --set models.xgboost.max_depth=3");
  CHECK(shown.code == 0);
  const json settings = json::parse(shown.out);
  CHECK(settings["models"]["xgboost"]["n_estimators"] == 5);
  CHECK(settings["models"]["xgboost"]["max_depth"] == 3);
  CHECK(settings["features"]["n_fft"] == 2048);
  CHECK(settings["corpus"] == "music");
  write("again.json", shown.out);
  CHECK(fugato("config show again.json").out == shown.out);
  CHECK(json::parse(fugato("config schema").out)["properties"].contains("features"));
}

TEST_CASE_FIXTURE(desk, "a run makes its folder, whole, and refuses to overwrite it") {
  const answer first = fugato("run run.json --out result");
  CHECK(first.code == 0);
  CHECK(contains(first.out, "Model xgboost"));
  CHECK(entries("result") == std::set<std::string>{"config.resolved.json", "manifest.json", "features.csv",
                                                   "features.npy", "columns.json", "split.csv", "predictions.csv",
                                                   "failures.csv", "metrics.json", "report.json", "report.txt",
                                                   "report.html", "trace.json", "model"});
  const json report = json::parse(content(path / "result/report.json"));
  CHECK(report["extraction"]["tracks"] == 8);
  CHECK(report["extraction"]["failed"] == 0);
  CHECK(report["extraction"]["rows"] == 24);
  CHECK(report["extraction"]["columns"] == 87);
  CHECK(report["extraction"]["file_bytes"] == 8 * (300'000 + 44));
  CHECK(report["extraction"]["audio_seconds"].get<double>() == doctest::Approx(8 * 150'000 / 22050.0).epsilon(1e-6));
  CHECK(report["peak_rss_bytes"].get<double>() > 1e6);
  CHECK(report["phases"].size() >= 4);
  CHECK(report["training"]["leaky"] == false);
  const json manifest = json::parse(content(path / "result/manifest.json"));
  CHECK(manifest["table_sha256"].get<std::string>().size() == 64);
  CHECK(json::parse(content(path / "result/columns.json"))["columns"].size() == 87);

  const answer second = fugato("run run.json --out result");
  CHECK(second.code == 2);
  CHECK(contains(second.err, "must not exist yet"));
  const answer third = fugato("run run.json --out result --force --json --set dispatch.policy=synchronous");
  CHECK(third.code == 0);
  CHECK(json::parse(third.out)["dispatch"]["policy"] == "synchronous");
  CHECK(json::parse(content(path / "result/manifest.json"))["table_sha256"] == manifest["table_sha256"]);
  CHECK(entries(".") == std::set<std::string>{"music", "run.json", "result", "out.txt", "err.txt"});
}

TEST_CASE_FIXTURE(desk, "the leaky split is marked wherever its figures stand") {
  const answer x = fugato("run run.json --out result --set train.split.kind=random-chunk");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "LEAKY"));
  CHECK(json::parse(content(path / "result/metrics.json"))["leaky"] == true);
  CHECK_FALSE(contains(fugato("run run.json --out honest").out, "LEAKY"));
}

TEST_CASE_FIXTURE(desk, "a plan of several splits is told by mean and deviation; the model is the first's") {
  write("artists.csv", "track,group\nnoise.0,x\ntones.0.wav,x\n");
  const answer x = fugato("run run.json --out result --set train.split.kind=k-fold --set train.split.folds=2 "
                          "--set train.split.repeats=2 --set train.split.groups=artists.csv");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "4 splits, mean and standard deviation"));
  CHECK(contains(x.out, "6 of 8 tracks have no group"));
  const json report = json::parse(content(path / "result/report.json"));
  CHECK(report["repeated"]["summary"]["trials"] == 4);
  CHECK(report["repeated"]["splits"].size() == 4);
  CHECK(report["repeated"]["splits"][0]["test_chunks"]["accuracy"] == report["evaluations"][0]["scores"]["accuracy"]);
  const std::string rows = content(path / "result/predictions.csv");
  CHECK(rows.starts_with("row,track,chunk,part,label,predicted,p_noise,p_tones\n"));
  CHECK(std::count(rows.begin(), rows.end(), '\n') == 25);
  CHECK(fugato("run result/config.resolved.json --out again").code == 0); // the path of the groups still holds
}

TEST_CASE_FIXTURE(desk, "lists of tracks that are missing are found before the work begins") {
  write("train.txt", "noise/noise.0.wav\nnoise/noise.1.wav\ntones/tones.0.au\n");
  write("test.txt", "noise.2.wav\ntones.3.wav\n");
  const std::string listed =
      "run run.json --out result --set train.split.kind=lists --set train.split.lists.train=train.txt ";
  const answer missing = fugato(listed + "--set train.split.lists.test=none.txt");
  CHECK(missing.code == 2);
  CHECK(contains(missing.err, "none.txt"));
  CHECK_FALSE(fs::exists(path / "result"));
  const answer x = fugato(listed + "--set train.split.lists.test=test.txt");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "3 of 8 tracks are in none of the lists: left out"));
  CHECK(contains(content(path / "result/split.csv"), ",tones,none\n"));
}

TEST_CASE_FIXTURE(desk, "a recording that is there twice is told") {
  fs::copy(path / "music/noise/noise.1.wav", path / "music/tones/tones.7.wav");
  const answer x = fugato("run run.json --out result");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "1 set of tracks with equal rows"));
  CHECK(contains(x.out, "noise.1.wav (noise, "));
  CHECK(contains(x.out, ") = tones.7.wav (tones, "));
}

TEST_CASE_FIXTURE(desk, "bad files are listed and are exit code 3 unless allowed") {
  write("music/noise/broken.wav", "not audio");
  const answer x = fugato("run run.json --out result");
  CHECK(x.code == 3);
  CHECK(contains(x.err, "broken.wav"));
  CHECK(content(path / "result/failures.csv").starts_with("path,reason,sentence\nmusic/noise/broken.wav,not-audio,"));
  CHECK(json::parse(content(path / "result/report.json"))["failures"][0]["reason"] == "not-audio");
  CHECK(fugato("run run.json --out result --force --allow-failures 1").code == 0);
  CHECK(fugato("extract music -o t.csv --failures f.csv").code == 3);
  CHECK(contains(content(path / "f.csv"), "not-audio"));
  CHECK(fugato("extract music -o t.csv --allow-failures 1").code == 0);
  const answer none = fugato("extract music/noise/broken.wav");
  CHECK(none.code == 1);
  CHECK(none.out.empty());
}

TEST_CASE_FIXTURE(desk, "what was extracted is kept when nothing can be learnt") {
  fs::remove_all(path / "music/noise");
  const answer x = fugato("run run.json --out result");
  CHECK(x.code == 1);
  CHECK(fs::file_size(path / "result/features.csv") > 1000);
  CHECK_FALSE(fs::exists(path / "result/model"));
  CHECK_FALSE(json::parse(content(path / "result/report.json"))["training"]["problem"].get<std::string>().empty());
}

TEST_CASE_FIXTURE(desk, "extract gives the same table from a configuration, a folder, a list and single files") {
  CHECK(fugato("extract run.json -o a.csv").code == 0);
  CHECK(fugato("extract music").out == content(path / "a.csv"));
  std::string list = "path,label\n";
  for (const char* genre : {"noise", "tones"})
    for (int i = 0; i < 4; ++i)
      list += "music/" + std::string(genre) + "/" + genre + "." + std::to_string(i) + ".wav," + genre + "\n";
  write("list.csv", list);
  CHECK(fugato("extract list.csv").out == content(path / "a.csv"));
  const answer one = fugato("extract music/tones/tones.1.wav");
  CHECK(one.code == 0);
  CHECK(contains(content(path / "a.csv"), one.out.substr(one.out.find('\n') + 1, 200)));
}

TEST_CASE_FIXTURE(desk, "a model is trained from a table, and predicts") {
  REQUIRE(fugato("run run.json --out result").code == 0);
  const answer trained = fugato("train result/features.csv --config run.json --out again");
  CHECK(trained.code == 0);
  CHECK(json::parse(content(path / "again/metrics.json"))["evaluations"] ==
        json::parse(content(path / "result/metrics.json"))["evaluations"]);

  const answer predicted = fugato("predict --model result/model music/tones/tones.1.wav music/noise --json --chunks");
  CHECK(predicted.code == 0);
  const json all = json::parse(predicted.out);
  REQUIRE(all["tracks"].size() == 5);
  CHECK(all["tracks"][0]["label"] == "tones");
  for (const json& track : all["tracks"]) {
    double sum = 0;
    for (const json& p : track["probabilities"])
      sum += p.get<double>();
    CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    CHECK(track["chunks"].size() == 3);
  }
  CHECK(contains(fugato("predict --model result/model music/tones/tones.1.wav").out, "tones.1.wav"));

  const answer tabular = fugato("predict --model again/model music/tones/tones.1.wav");
  CHECK(tabular.code == 1);
  CHECK(contains(tabular.err, "trained from a table"));
  CHECK(fugato("predict --model nowhere music/tones/tones.1.wav").code == 1);
}

TEST_CASE_FIXTURE(desk, "predict refuses a model whose features it cannot make") {
  REQUIRE(fugato("run run.json --out result").code == 0);
  const fs::path file = path / "result/model/model.json";
  std::string text = content(file);
  const auto at = text.find("\"zero_crossing_rate_mean\"");
  REQUIRE(at != std::string::npos);
  text.replace(at, 25, "\"loudness_of_the_moon_mea\"");
  std::ofstream{file} << text;
  const answer x = fugato("predict --model result/model music/tones/tones.1.wav");
  CHECK(x.code == 1);
  CHECK(x.out.empty());
}

TEST_CASE_FIXTURE(desk, "lists are for people and for machines") {
  for (const char* what :
       {"features", "statistics", "presets", "models", "splits", "searches", "metrics", "policies"}) {
    const json rows = json::parse(fugato(std::string("list ") + what + " --json").out);
    REQUIRE(rows.is_array());
    const std::string text = fugato(std::string("list ") + what).out;
    for (const json& row : rows)
      CHECK(contains(text, row["name"].get<std::string>()));
  }
  CHECK(fugato("list feature").code == 2);
}

TEST_CASE_FIXTURE(desk, "a corpus check finds what is wrong with a corpus") {
  write("music/noise/broken.wav", "not audio");
  fs::copy(path / "music/noise/noise.1.wav", path / "music/noise/noise.7.wav");
  const answer x = fugato("corpus check music --json");
  CHECK(x.code == 3);
  const json found = json::parse(x.out);
  CHECK(found["tracks"] == 10);
  CHECK(found["unreadable"].size() == 1);
  CHECK(found["repeated"].size() == 1);
  CHECK(contains(fugato("corpus check music").out, "noise.7.wav"));
}

TEST_CASE_FIXTURE(desk, "a full disk is an error, not half a table") {
  const answer x = fugato("extract music -o /dev/full/x.csv");
  CHECK(x.code == 74);
  const std::string command = "cd '" + path.string() + "' && '" FUGATO_BINARY "' list features >/dev/full 2>err.txt";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 74);
  CHECK(contains(content(path / "err.txt"), "stdout: must be writable"));
}

TEST_CASE_FIXTURE(desk, "the shipped configurations are right") {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(FUGATO_SOURCE_DIR) / "config"))
    if (entry.path().extension() == ".json") {
      CAPTURE(entry.path().string());
      CHECK(fugato("config check '" + entry.path().string() + "'").code == 0);
      ++count;
    }
  CHECK(count >= 2);
}

TEST_CASE_FIXTURE(desk, "the generated pages of the documentation are current") {
  const fs::path docs = fs::path(FUGATO_SOURCE_DIR) / "docs";
  CHECK(contains(content(docs / "settings.md"), fugato("config reference").out));
  CHECK(contains(content(docs / "features.md"), fugato("list features --markdown").out));
}
