// SPDX-License-Identifier: GPL-3.0-or-later
// Workers that hold a good certificate and send nonsense, each judged by an undisturbed synchronous run.
#include "tests/actors/corpora.hpp"
#include "tests/actors/programs.hpp"
#include "tests/actors/workers.hpp"

#include <doctest/doctest.h>

#include <atomic>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct cluster : small_corpus {
  cluster() : small_corpus(10) {
    fs::create_directories(away);
    dispatch = dispatch_of("distributed", 1);
    dispatch.listen = "127.0.0.1:0";
    dispatch.join_file = ticket;
    dispatch.batch = 2;
  }
  ~cluster() { fs::remove_all(away); }

  fs::path away = path.string() + "-faulty";
  std::string ticket = (away / "cluster.json").string();
  std::string log = (away / "log.txt").string();
  dispatch_settings dispatch;
  std::vector<std::string> said; ///< by the leader
  std::string reference = table_of(extract(path, dispatch_of("synchronous", 1)));

  std::unique_ptr<program> join(const std::string& fault, const std::string& lines = "1") const {
    std::vector<std::string> environment;
    if (!fault.empty())
      environment.push_back("FUGATO_FAULT=" + fault);
    return std::make_unique<program>(
        std::vector<std::string>{"worker", "--join", ticket, "--root", path.string(), "--lines", lines}, log,
        environment);
  }

  /// The faulty worker is alone until it is gone; then a good one comes.
  extraction lead(const std::string& fault, const std::string& lines = "1") {
    std::unique_ptr<program> good;
    std::thread starter{[&] {
      if (!comes_true([&] { return fs::exists(ticket); }))
        return;
      auto bad = join(fault, lines);
      bad_code = bad->wait();
      good = join("");
    }};
    session actors{dispatch, [this](const std::string& x) { said.push_back(x); }};
    extraction result = actors.extract(
        list_corpus(path), {}, [](const progress&) {}, path);
    starter.join();
    return result;
  }
  int bad_code = -1;
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE_FIXTURE(cluster, "a worker that sends nonsense is dropped and named, and its tracks are done by others") {
  struct nonsense {
    const char* kind;
    const char* named;
  };
  for (const nonsense& x : {nonsense{"nan", "values must be finite"}, nonsense{"width", "rows must have"},
                            nonsense{"empty", "but 0 values came"}, nonsense{"stranger", "but are of others"},
                            nonsense{"nowhere", "but are of others"}, nonsense{"extra", "but are of others"},
                            nonsense{"lease", "lease that is open"}, nonsense{"reason", "'\\u001b[31mno such reason'"},
                            nonsense{"bypass", "claims in its place"}}) {
    CAPTURE(x.kind);
    said.clear();
    const extraction found = lead(std::string(x.kind) + ":noise.", "2");
    CHECK(table_of(found) == reference);
    CHECK(found.failures.empty());
    REQUIRE(found.dispatch.dropped.size() == 1);
    CHECK(contains(found.dispatch.dropped[0], "worker "));
    CHECK(contains(found.dispatch.dropped[0], " is dropped"));
    CHECK(contains(found.dispatch.dropped[0], x.named));
    CHECK(std::count(said.begin(), said.end(), found.dispatch.dropped[0]) == 1);
    CHECK(found.dispatch.lines_lost >= 1);
    CHECK(found.dispatch.lines_lost <= 2); // all lines of the worker at once
    CHECK(bad_code == 1);
    CHECK(contains(text_in(log), "the leader has dropped this one"));
    fs::remove(log);
  }
}

TEST_CASE_FIXTURE(cluster, "shipped audio does not let a worker answer in the sink's place either") {
  dispatch.ship_audio = true;
  const extraction found = lead("bypass:noise.");
  CHECK(table_of(found) == reference);
  REQUIRE(found.dispatch.dropped.size() == 1);
  CHECK(contains(found.dispatch.dropped[0], "claims in its place"));
}

TEST_CASE_FIXTURE(cluster, "a worker of another version, build or settings is refused and named, and the run goes on") {
  for (const char* claim : {"version", "build", "settings"}) {
    CAPTURE(claim);
    said.clear();
    const extraction found = lead(std::string(claim) + ":hello");
    CHECK(table_of(found) == reference);
    CHECK(found.failures.empty());
    REQUIRE(found.dispatch.dropped.size() == 1);
    CHECK(contains(found.dispatch.dropped[0], " is refused: worker and leader must "));
    CHECK_FALSE(contains(found.dispatch.dropped[0], "\x1B"));
    CHECK(std::count(said.begin(), said.end(), found.dispatch.dropped[0]) == 1);
    CHECK(found.dispatch.lines_lost == 0);
    CHECK(bad_code == 76);
    CHECK(found.dispatch.unfit == 1);
  }
}

TEST_CASE_FIXTURE(small_corpus, "children that all send nonsense about a track are replaced, and the track given up") {
  const std::string reference = [&] {
    fs::rename(path / "noise/noise.2.wav", path / "aside");
    const std::string result = table_of(extract(path, dispatch_of("synchronous", 1)));
    fs::rename(path / "aside", path / "noise/noise.2.wav");
    return result;
  }();
  const fault nonsense{"nan:noise.2.wav"};
  for (const char* policy : {"processes", "pool-map", "process-per-track"}) {
    CAPTURE(policy);
    const extraction x = extract(path, dispatch_of(policy, 2));
    CHECK(table_of(x) == reference);
    REQUIRE(x.failures.size() == 1);
    CHECK(x.failures[0].source.name == "noise.2.wav");
    CHECK(x.failures[0].reason == errc::worker_lost);
    CHECK(x.dispatch.dropped.size() == 3);
    CHECK(children().empty());
  }
}
