// SPDX-License-Identifier: GPL-3.0-or-later
// Faults of real worker processes, each judged by an undisturbed synchronous run.
#include "tests/actors/corpora.hpp"
#include "tests/actors/workers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

/// Sends a signal to the worker that has done most when half of the tracks are done: one that has not
/// enlisted yet would be replaced without being lost.
progress_callback strike(int signal, bool& done) {
  return [signal, &done](const progress& x) {
    if (done || x.done < 30)
      return;
    const auto workers = children();
    const auto victim = std::max_element(workers.begin(), workers.end(),
                                         [](pid_t a, pid_t b) { return cpu_nanoseconds(a) < cpu_nanoseconds(b); });
    if (victim != workers.end())
      done = kill(*victim, signal) == 0;
  };
}

std::size_t descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

struct larger_corpus : small_corpus {
  larger_corpus() : small_corpus(30) {}
  std::string reference = table_of(extract(path, dispatch_of("synchronous", 1)));
};

} // namespace

TEST_CASE_FIXTURE(larger_corpus, "a worker killed in mid-run changes nothing in the table") {
  const fault slow{"slow:tones.2"}; // the last tracks: the blow falls before the end on a busy machine, too
  for (const char* policy : {"processes", "pool-map", "pool-apply"}) {
    CAPTURE(policy);
    bool struck = false;
    const extraction x = extract(path, dispatch_of(policy, 2), strike(SIGKILL, struck));
    CHECK(struck);
    CHECK(x.dispatch.lines_lost == 1);
    CHECK(x.failures.empty());
    CHECK(table_of(x) == reference);
    CHECK(children().empty());
  }
}

TEST_CASE_FIXTURE(larger_corpus, "a worker that is stopped counts as lost after its silence, and is ended") {
  dispatch_settings dispatch = dispatch_of("processes", 2);
  dispatch.silence_seconds = 1;
  dispatch.straggler_seconds = 0; // what it holds must wait for the loss
  bool struck = false;
  const fault slow{"slow:tones.2"}; // the last tracks: the blow falls before the end
  const extraction x = extract(path, dispatch, strike(SIGSTOP, struck));
  CHECK(struck);
  CHECK(x.dispatch.lines_lost >= 1);
  CHECK(x.dispatch.silent >= 1);
  CHECK(x.failures.empty());
  CHECK(table_of(x) == reference);
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(small_corpus, "a track that crashes its workers is given up after three, its neighbours unharmed") {
  const std::string reference = [&] {
    fs::rename(path / "noise/noise.2.wav", path / "aside");
    const std::string result = table_of(extract(path, dispatch_of("synchronous", 1)));
    fs::rename(path / "aside", path / "noise/noise.2.wav");
    return result;
  }();
  const fault crash{"crash:noise.2.wav"};
  for (const char* policy : {"processes", "pool-map", "process-per-track"}) {
    CAPTURE(policy);
    const extraction x = extract(path, dispatch_of(policy, 2));
    CHECK(table_of(x) == reference);
    REQUIRE(x.failures.size() == 1);
    CHECK(x.failures[0].reason == errc::worker_lost);
    CHECK(x.failures[0].sentence.find("3 were lost") != std::string::npos);
    CHECK(x.dispatch.lines_lost == 3);
    CHECK(children().empty());
  }
}

TEST_CASE_FIXTURE(small_corpus, "a track that hangs is given up after its deadlines, though its worker's heart beats") {
  const fault hang{"hang:noise.2.wav"};
  dispatch_settings dispatch = dispatch_of("processes", 2);
  dispatch.deadline_seconds = 4; // no other track exceeds it on a busy machine
  dispatch.batch = 1;
  dispatch.credit = 1;
  dispatch.crashes = 2;
  dispatch.straggler_seconds = 0;
  const extraction x = extract(path, dispatch);
  REQUIRE(x.failures.size() == 1);
  CHECK(x.failures[0].source.name == "noise.2.wav");
  CHECK(x.data.track_names.size() == 9);
  CHECK(x.dispatch.lines_lost == 2);
  CHECK(x.dispatch.overdue == 2);
  CHECK(x.dispatch.silent == 0);
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(larger_corpus, "a child that is told to leave finishes what it holds, and is replaced") {
  const fault slow{"slow:tones.2"};
  bool struck = false;
  const extraction x = extract(path, dispatch_of("processes", 1), strike(SIGTERM, struck));
  CHECK(struck);
  CHECK(x.dispatch.left == 1);
  CHECK(x.dispatch.lines_lost == 0);
  CHECK(x.dispatch.retries == 0);
  CHECK(x.failures.empty());
  CHECK(table_of(x) == reference);
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(small_corpus, "a worker program that cannot start ends the run with an error") {
  const std::string usual = std::getenv("FUGATO_PROGRAM");
  setenv("FUGATO_PROGRAM", "/bin/false", 1);
  CHECK_THROWS_AS(extract(path, dispatch_of("processes", 2)), error);
  setenv("FUGATO_PROGRAM", "/no/such/program", 1);
  CHECK_THROWS_AS(extract(path, dispatch_of("processes", 2)), error);
  setenv("FUGATO_PROGRAM", usual.c_str(), 1);
  CHECK(children().empty());
}

TEST_CASE_FIXTURE(small_corpus, "runs leave no descriptor open") {
  extract(path, dispatch_of("processes", 2));
  const std::size_t before = descriptors();
  extract(path, dispatch_of("processes", 3));
  extract(path, dispatch_of("process-per-track", 1));
  CHECK(descriptors() == before);
}
