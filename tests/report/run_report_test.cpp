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
