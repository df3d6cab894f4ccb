// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks in real processes, some of which are lost.
#include "actors/session.hpp"

#include "config/json.hpp"
#include "config/read_text.hpp"
#include "tests/actors/workers.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct learning {
  learning() {
    hyper_parameters section{models.at("xgboost")};
    read_json(R"({"n_estimators": 60, "max_depth": 4})", {"test", ""}, description_of(section));
    how.policy = "distributed";
    how.ranks = 3;
    how.checkpoint_rounds = 10;
    dispatch.policy = "threads";
    dispatch.workers = 1;
  }

  std::shared_ptr<const training_result> run(const progress_callback& tell = [](const progress&) {}) {
    session actors{dispatch, [this](const std::string& x) { announced.push_back(x); }};
    return actors.train(table, how, models, {}, tell);
  }

  std::shared_ptr<const dataset> table =
      std::make_shared<const dataset>(blobs({.classes = 4, .tracks_per_class = 30, .chunks = 5, .noise = 2}));
  train_settings how;
  model_settings models;
  dispatch_settings dispatch;
  std::vector<std::string> announced;
};

std::string bytes_of(const training_result& x) {
  const fs::path folder = fs::temp_directory_path() / ("fugato-ranks-" + std::to_string(getpid()));
  fs::create_directories(folder);
  x.model.learnt->save(folder.string());
  std::string result = read_text((folder / "xgboost.json").string(), errc::bad_model);
  fs::remove_all(folder);
  return result;
}

/// Sends a signal to one rank when the first checkpoint has come.
progress_callback strike(int signal, bool& done) {
  return [signal, &done](const progress& x) {
    if (done || x.done < 10)
      return;
    const auto workers = children();
    if (!workers.empty())
      done = kill(*workers.rbegin(), signal) == 0;
  };
}

} // namespace

TEST_CASE_FIXTURE(learning, "ranks in processes learn a model as good as one process does") {
  how.policy = "local";
  const double alone = run()->test.chunks.accuracy;
  how.policy = "distributed";
  for (const std::uint32_t ranks : {1U, 2U}) {
    how.ranks = ranks;
    CHECK(run()->test.chunks.accuracy == doctest::Approx(alone).epsilon(0.05));
  }
  how.ranks = 3;
  const auto x = run();
  CHECK(x->test.chunks.accuracy == doctest::Approx(alone).epsilon(0.05));
  CHECK(x->fit.cpu_seconds > 0);
  REQUIRE(x->notes.size() == 1);
  CHECK(x->notes[0].starts_with("learnt by 3 ranks, which all ended with the model of SHA-256 "));
  CHECK(x->ranks.ranks == 3);
  CHECK(x->ranks.startup_wall_seconds > 0);
  CHECK(x->ranks.wire_bytes > 1000);
  CHECK(children().empty());
  dispatch.policy = "distributed"; // local nodes
  CHECK((bytes_of(*run()) == bytes_of(*x)));
  how.chunk_rows = 20; // other shares: another model of the same quality
  CHECK(run()->test.chunks.accuracy == doctest::Approx(alone).epsilon(0.05));
}

TEST_CASE_FIXTURE(learning, "any number of threads learns the same model, whatever the policy of dispatch allows") {
  how.policy = "local";
  const std::string alone = bytes_of(*run());
  for (const std::uint32_t threads : {1U, 2U, 5U}) {
    CAPTURE(threads);
    how.threads = threads;
    CHECK((bytes_of(*run()) == alone));
  }
}

TEST_CASE_FIXTURE(learning, "a rank that is killed or stopped costs an attempt, and the model is the same") {
  const std::string undisturbed = bytes_of(*run());
  for (const int signal : {SIGKILL, SIGSTOP}) {
    CAPTURE(signal);
    dispatch.silence_seconds = signal == SIGSTOP ? 2 : 10;
    announced.clear();
    bool struck = false;
    const auto x = run(strike(signal, struck));
    CHECK(struck);
    REQUIRE(x->notes.size() == 2);
    CHECK(std::count(announced.begin(), announced.end(), x->notes[0]) == 1);
    CHECK(x->notes[0].starts_with("attempt 1 of 3 to learn on 3 ranks failed: the process of rank "));
    CHECK(x->notes[0].find(" was lost; 0 rounds are kept") == std::string::npos);
    CHECK((bytes_of(*x) == undisturbed));
    CHECK(children().empty());
  }
}

TEST_CASE_FIXTURE(learning, "ranks that die again and again end in an error that says which") {
  how.attempts = 2;
  const fault crash{"crash:rank 1 of 3"};
  const std::string why = sentence(errc::worker_lost, [&] { run(); });
  CHECK(why == "all ranks must live until the model is learnt, but attempt 2 of 2 to learn on 3 ranks failed: the "
               "process of rank 1 was lost; 0 rounds are kept");
  CHECK(std::count_if(announced.begin(), announced.end(),
                      [](const std::string& x) { return x.starts_with("attempt "); }) == 2);
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(learning, "a rank that hangs ends the attempt within the timeout") {
  how.attempts = 1;
  how.timeout_seconds = 8; // enough for the other rank to come, on a busy machine too
  how.ranks = 2;
  const fault hang{"hang:rank 1 of 2"};
  const auto start = std::chrono::steady_clock::now();
  const std::string why = sentence(errc::worker_lost, [&] { run(); });
  CHECK(why.find("rank 1 did not; 0 rounds are kept") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(100));
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(learning, "auto learns a small table in one process, and says why") {
  how.policy = "auto";
  const auto x = run();
  REQUIRE(x->notes.size() == 1);
  CHECK(x->notes[0].starts_with("train.policy auto: learnt in one process, for 420 rows"));
}

TEST_CASE_FIXTURE(learning, "more ranks than rows are an error") {
  dataset few = blobs({.classes = 2, .tracks_per_class = 3, .chunks = 1});
  table = std::make_shared<const dataset>(few);
  how.ranks = 64;
  CHECK(sentence(errc::bad_model, [&] { run(); }).starts_with("each of 64 ranks needs a row to learn from, found "));
  how.ranks = 3;
  how.chunk_rows = 3;
  CHECK(sentence(errc::bad_model, [&] { run(); }) ==
        "each of 3 ranks needs a chunk of rows to learn from, but train.chunk_rows 3 makes 2 of 4 rows");
}
