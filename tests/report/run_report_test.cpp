// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_report.hpp"

#include "config/json.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace fugato;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

run_report example() {
  run_report x;
  x.fugato = "9.9";
  x.corpus = {"music", 3, {"blues", "rock"}, false};
  x.dispatch.policy = "threads";
  x.dispatch.lines = 2;
  x.extraction.tracks = 2;
  x.extraction.failed = 1;
  x.extraction.rows = 4;
  x.failures = {{"not-audio", 1}};
  x.training.model = "xgboost";
  x.training.split = "grouped-track";
  const std::vector<float> probabilities{0.9F, 0.1F, 0.2F, 0.8F, 0.7F, 0.3F};
  x.evaluations = {
      {"test", "chunk", false, evaluate(std::vector<std::uint32_t>{0, 1, 1}, probabilities, {"blues", "rock"})}};
  x.add_phase("extract", {1.5, 2.5});
  return x;
}

} // namespace

TEST_CASE("the text names what was done, how well and at what cost") {
  const std::string text = report_text(example());
  CHECK(contains(text, "3 tracks, 2 genres, music"));
  CHECK(contains(text, "1 tracks failed"));
  CHECK(contains(text, "not-audio"));
  CHECK(contains(text, "Model xgboost"));
  CHECK(contains(text, "extract         1.50 s wall      2.50 s CPU"));
  CHECK(contains(text, " rock     1     1"));
  CHECK_FALSE(contains(text, "LEAKY"));
  CHECK_FALSE(contains(text, "means nothing"));
}

TEST_CASE("a leaky split is marked at every figure, a synthetic corpus at the top") {
  run_report x = example();
  x.corpus.synthetic = true;
  x.training.leaky = true;
  x.evaluations[0].leaky = true;
  const std::string text = report_text(x);
  std::size_t marks = 0;
  for (auto at = text.find("LEAKY"); at != std::string::npos; at = text.find("LEAKY", at + 1))
    ++marks;
  CHECK(marks == 3); // the split, the summary, the detail
  CHECK(contains(text, "accuracy on it means nothing about music"));
}

TEST_CASE("the plan, what it leaves out, and the interval are told") {
  run_report x = example();
  x.training.plan = "test size 0.3 and seed 42";
  x.training.notes = {"3 of 9 tracks are in none of the lists: left out"};
  x.evaluations[0].scores.accuracy_interval = {0.25, 0.875};
  const std::string text = report_text(x);
  CHECK(contains(text, "split grouped-track (test size 0.3 and seed 42): "));
  CHECK(contains(text, "3 of 9 tracks are in none of the lists: left out\n"));
  CHECK(contains(text, " 0.2500-0.8750 "));
  CHECK_FALSE(contains(text, "standard deviation"));
  CHECK_FALSE(contains(text, "Duplicates"));
}

TEST_CASE("several splits are told by mean and deviation, marked when they leak") {
  run_report x = example();
  trial_result one;
  one.test_chunks.rows = 3;
  one.test_chunks.accuracy = 0.5;
  one.leaky = true;
  x.repeated.splits = {one, one};
  x.repeated.splits[1].test_chunks.accuracy = 0.7;
  x.repeated.summary = summarise(x.repeated.splits);
  const std::string text = report_text(x);
  CHECK(contains(text, "2 splits, mean and standard deviation"));
  CHECK(contains(text, "test accuracy, by chunk       0.6000 +- 0.1414  LEAKY"));
  CHECK_FALSE(contains(text, "test accuracy, by track"));
  CHECK(contains(text, "The model that was saved"));
  CHECK(contains(text, "those of the first split"));
}

TEST_CASE("duplicates are named with their sides, the first ten of each sort") {
  run_report x = example();
  x.duplicates.threshold = 0.2;
  x.duplicates.equal = {{{"a.wav", "b.wav"}, {"blues", "rock"}, {"test", "train"}, true}};
  for (int i = 0; i < 12; ++i)
    x.duplicates.near.push_back({"c" + std::to_string(i), "blues", "test", "d.wav", "rock", "train", 0.1, 0.05});
  const std::string text = report_text(x);
  CHECK(contains(text, "1 set of tracks with equal rows, 1 of them learnt from and tested with"));
  CHECK(contains(text, "  a.wav (blues, test) = b.wav (rock, train)\n"));
  CHECK(contains(text, "12 test tracks nearer to a training track than 0.2 of the typical distance"));
  CHECK(contains(text, "  c9 (blues, test) ~ d.wav (rock, train): 0.050\n"));
  CHECK_FALSE(contains(text, "c10"));
  CHECK(contains(text, "and 2 more: report.json"));
}

TEST_CASE("without a model the text says why") {
  run_report x = example();
  x.training = {};
  x.evaluations.clear();
  x.training.problem = "there must be two genres";
  const std::string text = report_text(x);
  CHECK(contains(text, "No model"));
  CHECK(contains(text, "there must be two genres"));
}

TEST_CASE("the JSON reads back to the same report") {
  run_report x = example();
  const std::string text = to_json(x);
  run_report y;
  read_json(text, {"report.json", ""}, description_of(y));
  CHECK(to_json(y) == text);
  CHECK(nlohmann::json::parse(text)["evaluations"][0]["scores"]["accuracy"].get<double>() == doctest::Approx(2.0 / 3));
}

TEST_CASE("of a table that was given the text tells rows and features only") {
  run_report x = example();
  x.dispatch = {};
  x.extraction = {};
  x.extraction.rows = 4;
  x.extraction.columns = 57;
  const std::string text = report_text(x);
  CHECK(contains(text, "\n4 rows x 57 features\n"));
  CHECK_FALSE(contains(text, "policy"));
}
