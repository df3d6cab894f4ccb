// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/policy.hpp"
#include "config/error.hpp"
#include "config/json.hpp"
#include "tests/actors/corpora.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <set>

using namespace fugato;

namespace {

/// Three classes, clouds that overlap a little; 10 tracks each of 4 chunks.
std::shared_ptr<const dataset> clouds() {
  auto x = std::make_shared<dataset>();
  x->columns = {"a", "b"};
  x->label_names = {"blues", "jazz", "rock"};
  std::mt19937 dice{7};
  for (std::uint32_t track = 0; track < 30; ++track) {
    x->track_names.push_back("track." + std::to_string(track) + ".wav");
    for (std::uint32_t chunk = 0; chunk < 4; ++chunk) {
      const auto noise = [&] { return static_cast<float>(dice() % 1000) / 500; };
      x->values.insert(x->values.end(), {static_cast<float>(track % 3) + noise(), noise()});
      x->tracks.push_back(track);
      x->chunks.push_back(chunk);
      x->labels.push_back(track % 3);
    }
  }
  return x;
}

std::vector<trial> some_trials() {
  std::vector<trial> result;
  for (const char* model : {"knn", "svm", "xgboost-forest"})
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      trial one;
      one.model = model;
      one.parameters = one.model == "knn" ? R"({"n_neighbors": 3})" : "{}";
      one.split.seed = static_cast<std::uint32_t>(seed);
      one.seed = seed;
      one.probabilities = true;
      result.push_back(one);
    }
  return result;
}

/// All that does not depend on the clock.
std::string told(const std::vector<std::optional<trial_result>>& results) {
  std::string text;
  for (auto x : results) {
    REQUIRE(x);
    x->fit = x->predict = {};
    text += write_json(description_of(*x)) + "\n";
  }
  return text;
}

} // namespace

TEST_CASE("trials have the same results under every policy, and as if run by hand") {
  const auto data = clouds();
  const auto trials = some_trials();
  std::vector<std::optional<trial_result>> by_hand;
  for (const trial& one : trials)
    by_hand.emplace_back(run_trial(*data, one, 1));
  const std::string expected = told(by_hand);
  for (const policy& how : policies()) {
    CAPTURE(how.name);
    session actors{dispatch_of(std::string(how.name), 2)};
    std::set<std::uint32_t> seen;
    const trial_outcomes x =
        actors.run_trials(data, trials, [&](std::uint32_t i, const trial_result&) { seen.insert(i); });
    CHECK(told(x.results) == expected);
    CHECK(x.failures.empty());
    CHECK(seen.size() == trials.size());
  }
}

TEST_CASE("a trial that cannot be run is listed with its reason and spoils no other") {
  std::vector<trial> trials = some_trials();
  trials[1].split.test_size = 0.999;
  trials[4].parameters = R"({"C": -1})";
  session actors{dispatch_of("threads", 2)};
  const trial_outcomes x = actors.run_trials(clouds(), trials, [](std::uint32_t, const trial_result&) {});
  REQUIRE(x.failures.size() == 2);
  CHECK(x.failures[0].trial == 1);
  CHECK(x.failures[0].reason == errc::bad_table);
  CHECK(x.failures[1].trial == 4);
  CHECK(x.failures[1].reason == errc::settings);
  CHECK_FALSE(x.results[1]);
  CHECK_FALSE(x.results[4]);
  CHECK(x.results[0]);
  CHECK(x.results[8]);
}

TEST_CASE("a worker that dies over a trial costs only that one, after three attempts") {
  setenv("FUGATO_FAULT", "crash:n_neighbors\\\": 4", 1);
  std::vector<trial> trials = some_trials();
  trials[2].parameters = R"({"n_neighbors": 4})";
  session actors{dispatch_of("processes", 2)};
  const trial_outcomes x = actors.run_trials(clouds(), trials, [](std::uint32_t, const trial_result&) {});
  unsetenv("FUGATO_FAULT");
  REQUIRE(x.failures.size() == 1);
  CHECK(x.failures[0].trial == 2);
  CHECK(x.failures[0].reason == errc::worker_lost);
  CHECK(x.dispatch.lines_lost == 3);
  for (std::size_t i = 0; i < trials.size(); ++i)
    CHECK(x.results[i].has_value() == (i != 2));
}

TEST_CASE("once it shall stop, no further trial is begun, and what was found is kept") {
  std::vector<trial> trials = some_trials();
  for (int i = 0; i < 300; ++i)
    trials.push_back(trials[6]);
  std::atomic<int> done = 0;
  session actors{dispatch_of("threads", 1)};
  const trial_outcomes x = actors.run_trials(
      clouds(), trials, [&](std::uint32_t, const trial_result&) { ++done; }, [&] { return done >= 3; });
  CHECK(done >= 3);
  CHECK(done < 300);
  CHECK(x.failures.empty());
  CHECK(std::count_if(x.results.begin(), x.results.end(), [](const auto& r) { return r.has_value(); }) == done);
}
