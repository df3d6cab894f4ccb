// SPDX-License-Identifier: GPL-3.0-or-later
// The program as its users meet it, searching parameters.
#include "tests/tools/learning_desk.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>

using namespace fugato::at_desk;
using nlohmann::json;

namespace {

/// The cells of tuning.json without what differs from run to run.
json cells_of(const std::string& text) {
  json cells = json::parse(text)["cells"];
  for (json& cell : cells) {
    cell["summary"].erase("fit");
    cell["summary"].erase("predict");
    for (json& fold : cell["folds"]) {
      fold.erase("fit");
      fold.erase("predict");
    }
  }
  return cells;
}

} // namespace

TEST_CASE_FIXTURE(desk, "every policy finds the same cells, and the folder is a run folder with the best model") {
  const answer first = tune("--out threads --set dispatch.policy=threads");
  REQUIRE(first.code == 0);
  CHECK(contains(first.out, "Search for parameters of xgboost (grid): 4 cells, 8 trials"));
  CHECK(contains(first.out, "Model xgboost"));
  CHECK(contains(first.err, "4 cells x 2 folds: 8 trials, 0 of them done before"));
  CHECK(contains(first.err, "of 4: n_estimators=")); // the board as it grew
  const json tuning = json::parse(text("threads/tuning.json"));
  CHECK(tuning["format"] == 1);
  CHECK(tuning["trials_failed"] == 0);
  CHECK(tuning["stopped_by_budget"] == false);
  CHECK(tuning["table_sha256"] == json::parse(text("threads/manifest.json"))["table_sha256"]);
  std::set<int> ranks;
  for (const json& cell : tuning["cells"]) {
    ranks.insert(cell["rank"].get<int>());
    CHECK(cell["folds"].size() == 2);
    CHECK(cell["figure"]["values"] == 2);
    if (cell["rank"] == 1) {
      const json resolved = json::parse(text("threads/config.resolved.json"))["models"]["xgboost"];
      CHECK(resolved == json::parse(cell["parameters"].get<std::string>()));
    }
  }
  CHECK(ranks == std::set<int>{1, 2, 3, 4});
  CHECK(tuning["evaluations"] == json::parse(text("threads/metrics.json"))["evaluations"]);
  CHECK(fs::exists(path / "threads/model/model.json"));
  CHECK_FALSE(fs::exists(path / "threads.trials.jsonl"));

  for (const char* policy : {"processes", "distributed", "synchronous"}) {
    CAPTURE(policy);
    REQUIRE(tune("--out " + std::string(policy) + " --set dispatch.policy=" + policy).code == 0);
    const std::string other = text(std::string(policy) + "/tuning.json");
    CHECK(json::parse(other)["dispatch"]["policy"] == policy);
    CHECK(cells_of(other) == cells_of(tuning.dump()));
  }
}

TEST_CASE_FIXTURE(desk, "three nodes that join search together; one is killed in its trial, and nothing is lost") {
  REQUIRE(tune("--out here").code == 0);
  const pid_t leader =
      start("leader", "tune table.csv --config tune.json --out nodes --set dispatch.policy=distributed "
                      "--set dispatch.listen=127.0.0.1:0 --set dispatch.join_file=ticket.json "
                      "--set dispatch.straggler_seconds=0");
  CHECK(soon("leader.err", "fugato worker --join", 1));
  // the first to come never ends its first trial, so that the others do all but that
  const pid_t victim = start("victim", "worker --join ticket.json", "FUGATO_FAULT=hang:xgboost");
  CHECK(soon("victim.err", "joined", 1));
  const pid_t second = start("second", "worker --join ticket.json --reconnect 1");
  const pid_t third = start("third", "worker --join ticket.json --reconnect 1");
  CHECK(soon("nodes.trials.jsonl", "\n", 7));
  kill(victim, SIGKILL);
  int status = 0;
  CHECK(waitpid(victim, &status, 0) == victim);
  CHECK(exit_code(leader) == 0);
  // one that is still introducing itself when the other has done all finds no leader any more
  const std::set<int> codes{exit_code(second), exit_code(third)};
  CHECK((codes == std::set<int>{0} || codes == std::set<int>{0, 69}));
  const json tuning = json::parse(text("nodes/tuning.json"));
  CHECK(tuning["trials_failed"] == 0);
  CHECK(tuning["dispatch"]["lines_lost"] == 1);
  CHECK(tuning["dispatch"]["retries"] == 1);
  CHECK(cells_of(tuning.dump()) == cells_of(text("here/tuning.json")));
}

TEST_CASE_FIXTURE(desk, "a search that was killed goes on where it was") {
  REQUIRE(tune("--out whole").code == 0);
  // the first two cells are quick, then come two of which a trial takes minutes: the kill meets these
  const std::string slow =
      "tune table.csv --config tune.json --out part --set 'tune.parameters=[\"n_estimators=3,100000\","
      "\"max_depth=1,4\"]'";
  CHECK(signal_at("part.trials.jsonl", 4, SIGKILL, slow) == -SIGKILL);
  CHECK_FALSE(fs::exists(path / "part"));
  CHECK(contains(tune("--out part").err, "--resume goes on with it"));
  std::ofstream{path / "part.trials.jsonl", std::ios::app} << R"({"format":1,"table_sha)"; // as a full disk tears it

  const answer rest = tune("--out part --resume");
  CHECK(rest.code == 0);
  CHECK(contains(rest.err, "8 trials, 4 of them done before"));
  CHECK(json::parse(text("part/tuning.json"))["trials_resumed"] == 4);
  CHECK(cells_of(text("part/tuning.json")) == cells_of(text("whole/tuning.json")));
  CHECK_FALSE(fs::exists(path / "part.trials.jsonl"));
  const std::string trials = text("part/trials.jsonl");
  CHECK(std::count(trials.begin(), trials.end(), '\n') == 8);
  for (const fs::directory_entry& x : fs::directory_iterator(path))
    CHECK_FALSE(contains(x.path().string(), ".partial-")); // what the killed one left is gone
}

TEST_CASE_FIXTURE(desk, "a search that is told to stop leaves in good order, and goes on") {
  const std::string search = "tune table.csv --config tune.json --out part --set "
                             "'tune.parameters=[\"n_estimators=3,2000\",\"max_depth=1,4\"]'";
  CHECK(signal_at("part.trials.jsonl", 4, SIGTERM, search) == 143);
  CHECK(contains(text("err.txt"), "to go on: the same with --resume --out part"));
  CHECK_FALSE(fs::exists(path / "part"));
  const std::string kept = text("part.trials.jsonl");
  CHECK(kept.ends_with("\n"));
  CHECK(std::count(kept.begin(), kept.end(), '\n') < 8);
  for (const fs::directory_entry& x : fs::directory_iterator(path))
    CHECK_FALSE(contains(x.path().string(), ".partial-"));
  CHECK(tune("--out part --resume").code == 0);
}

TEST_CASE_FIXTURE(desk, "a budget ends the search, and more time goes on with it") {
  const answer none = tune("--out result --budget 1e-9");
  CHECK(none.code == 1);
  CHECK(contains(none.err, "the budget of 1e-09 minutes ended first; --resume goes on"));
  CHECK_FALSE(fs::exists(path / "result"));

  REQUIRE(tune("--out result --force --set 'tune.parameters=[\"n_estimators=3\",\"max_depth=1,4\"]'").code == 0);
  const answer some = tune("--out result --resume --json --budget 1e-9");
  CHECK(some.code == 0);
  const json partial = json::parse(some.out);
  CHECK(partial["stopped_by_budget"] == true);
  CHECK(partial["trials_resumed"] == 4);
  CHECK(partial["cells"][0]["rank"].get<int>() + partial["cells"][1]["rank"].get<int>() == 3);

  const answer all = tune("--out result --resume --json");
  CHECK(all.code == 0);
  CHECK(json::parse(all.out)["stopped_by_budget"] == false);
  REQUIRE(tune("--out whole").code == 0);
  CHECK(cells_of(text("result/tuning.json")) == cells_of(text("whole/tuning.json")));
}

TEST_CASE_FIXTURE(desk, "mistakes are one line, and leave nothing behind") {
  const auto refused = [&](const std::string& options, const std::string& why) {
    const answer x = tune(options);
    CAPTURE(x.err);
    CHECK(x.code == 2);
    CHECK(contains(x.err, why));
    CHECK_FALSE(fs::exists(path / "result"));
    CHECK_FALSE(fs::exists(path / "result.trials.jsonl"));
  };
  refused("--out result --set 'tune.parameters=[\"depth=3\"]'",
          "/tune/parameters/0 (\"depth=3\"): /models/xgboost/depth: unknown setting");
  refused("--out result --set tune.metric=acuracy", "unknown name 'acuracy'; did you mean 'accuracy'?");
  refused("--out result --budget -1", "--budget");
  refused("--resume", "--resume needs --out");

  REQUIRE(tune("--out result").code == 0);
  CHECK(contains(tune("--out result").err, "must not exist yet"));
  fugato::write_table((path / "table.csv").string(), fugato::blobs({.noise = 1.25F}));
  const answer other = tune("--out result --resume");
  CHECK(other.code == 2);
  CHECK(contains(other.err, "line 1: belongs to a search in another table"));
  CHECK(tune("--out result --force").code == 0);
}
