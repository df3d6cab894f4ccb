// SPDX-License-Identifier: GPL-3.0-or-later
// The program as its users meet it, learning from a table.
#include "tests/tools/learning_desk.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace fugato::at_desk;
using nlohmann::json;

TEST_CASE_FIXTURE(desk, "all models are compared by an honest split and a leaky one; the best is saved") {
  write("quick.json", R"({"models": {"xgboost": {"n_estimators": 3}, "mlp": {"max_iter": 5},
                          "xgboost-forest": {"n_estimators": 3}, "random-forest": {"n_estimators": 5}}})");
  const answer x = run("train table.csv --config quick.json --model all --repeats 2 --out result");
  REQUIRE(x.code == 0);
  CHECK(contains(x.out, "random-chunk (LEAKY)"));
  CHECK(contains(x.out, "report's (LEAKY)"));
  const json board = json::parse(text("result/leaderboard.json"));
  CHECK(board["rows"].size() == 6);
  CHECK(board["splits"] == json{"random-chunk", "grouped-track"});
  CHECK(board["problems"].empty());
  for (const json& row : board["rows"])
    for (const json& split : row["splits"])
      CHECK(split["trials"] == 2);
  const json report = json::parse(text("result/report.json"));
  CHECK(report["training"]["model"] == board["rows"][0]["model"]);
  CHECK(report["training"]["leaky"] == false);
  CHECK(fs::exists(path / "result/model/model.json"));

  CHECK(contains(run("train table.csv --model knn --repeats 2 --out single").out, "2 splits, mean and standard"));
  CHECK(contains(run("train table.csv --model kn --out no").err, "unknown model 'kn'; did you mean 'knn'?"));
}

TEST_CASE_FIXTURE(desk, "training that is told to stop leaves nothing behind") {
  const pid_t stopped = start("stopped", "train table.csv --out no --set models.xgboost.n_estimators=100000");
  const auto begun = [&] {
    for (const fs::directory_entry& each : fs::directory_iterator(path))
      if (contains(each.path().string(), "no.partial-"))
        return true;
    return false;
  };
  for (int i = 0; i < 12'000 && !begun(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::seconds(1)); // it may just have made the folder
  kill(stopped, SIGTERM);
  CHECK(exit_code(stopped) == 143);
  CHECK_FALSE(begun());
}

TEST_CASE_FIXTURE(desk, "the number of threads is a switch, and changes nothing in the model") {
  for (const char* threads : {"1", "3"})
    REQUIRE(run("train table.csv --set models.xgboost.n_estimators=9 --set train.threads=" + std::string(threads) +
                " --out threads" + threads)
                .code == 0);
  CHECK(text("threads1/model/xgboost.json") == text("threads3/model/xgboost.json"));
  CHECK(text("threads1/model/model.json") == text("threads3/model/model.json"));
  CHECK(run("train table.csv --set train.threads=5000 --out no").code == 2);
}

TEST_CASE_FIXTURE(desk, "auto says where it had the model learnt, and why") {
  const answer x = run("train table.csv --set models.xgboost.n_estimators=3 --set train.policy=auto --out result");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "train.policy auto: learnt in one process, for 84 rows x 6 columns are fewer than the "));
  CHECK(json::parse(text("result/report.json"))["training"]["ranks"]["ranks"] == 0);
}

TEST_CASE_FIXTURE(desk, "ranks on three nodes that joined learn a model; one dies, and another takes its place") {
  const std::string learn = "train table.csv --set models.xgboost.n_estimators=9 --set train.policy=distributed "
                            "--set train.ranks=3 ";
  REQUIRE(run(learn + "--out here").code == 0);
  const pid_t leader = start("leader", learn + "--out nodes --set dispatch.policy=distributed --set "
                                               "dispatch.listen=127.0.0.1:0 --set dispatch.join_file=ticket.json");
  CHECK(soon("leader.err", "fugato worker --join", 1));
  const std::string join = "worker --join ticket.json --stay --wait 5";
  const pid_t victim = start("victim", "worker --join ticket.json --reconnect 0", "FUGATO_FAULT=crash:rank");
  const pid_t first = start("first", join);
  const pid_t second = start("second", join);
  for (const char* name : {"victim.err", "first.err", "second.err"})
    CHECK(soon(name, "joined", 1));
  CHECK(exit_code(victim) == 128 + SIGABRT); // as soon as it has its rank
  const pid_t late = start("late", join);
  CHECK(exit_code(leader) == 0);
  for (const pid_t node : {first, second, late})
    CHECK(exit_code(node) == 0);
  CHECK(contains(text("leader.err"), "attempt 1 of 3 to learn on 3 ranks failed: the process of rank "));
  CHECK(contains(text("leader.out"), "learnt by 3 ranks, which all ended with the model of SHA-256 "));
  CHECK(text("nodes/model/xgboost.json") == text("here/model/xgboost.json"));
}
