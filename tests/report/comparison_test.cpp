// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"

#include "config/error.hpp"
#include "tests/report/comparison_example.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace fugato;
using doctest::Approx;

namespace {

const comparison_result& named(const comparison& x, const std::string& name) {
  for (const comparison_result& r : x.results)
    if (r.name == name)
      return r;
  FAIL("no cell " << name);
  return x.results.front();
}

/// A cell whose runs take these times.
measured_cell timed(const std::string& policy, std::uint32_t workers, const std::vector<double>& times) {
  measured_cell result{policy, workers, "", {}};
  for (const double t : times)
    result.runs.push_back(example::run(t, 0, workers, 2));
  return result;
}

std::string refusal(const std::vector<measured_cell>& cells) {
  try {
    compare(example::context(), cells);
  } catch (const error& e) {
    CHECK(e.kind().exit_code == 1);
    return e.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("times are summed up as hyperfine does") {
  const std::vector cells{timed("synchronous", 1, {4, 1, 2, 9})};
  const comparison_result x = compare(example::context(), cells).results.at(0);
  CHECK(x.name == "synchronous/1");
  CHECK(x.times == std::vector<double>{4, 1, 2, 9});
  CHECK(x.mean == 4);
  CHECK(x.median == 3);
  CHECK(x.stddev == Approx(std::sqrt(38.0 / 3)));
  CHECK(x.min == 1);
  CHECK(x.max == 9);
  CHECK(x.median_repetition == 2);
}

TEST_CASE("speed-up, efficiency and serial fraction follow their formulas, unrounded") {
  const std::vector cells{timed("synchronous", 1, {3, 3, 3}), timed("threads", 2, {1.7, 1.8, 1.6})};
  const comparison_result x = named(compare(example::context(), cells), "threads/2");
  CHECK(x.speedup == 3 / 1.7);
  CHECK(x.efficiency == 3 / 1.7 / 2);
  CHECK(x.serial_fraction == Approx((1.7 / 3 - 0.5) / 0.5).epsilon(1e-12));
  CHECK(x.serial_fraction_reason.empty());
}

TEST_CASE("a number that does not exist has a reason, and one that exists has none") {
  std::vector cells{timed("synchronous", 1, {3}), timed("threads", 1, {3}), timed("threads", 4, {1.7})};
  comparison x = compare(example::context(), cells);
  CHECK(std::isnan(x.results[0].stddev));
  CHECK(x.results[0].stddev_reason == "one repetition has no spread");
  CHECK(named(x, "threads/1").serial_fraction_reason == "one worker has nothing to share");
  CHECK(named(x, "threads/4").oversubscribed);
  CHECK(named(x, "threads/4").serial_fraction_reason ==
        "4 workers share 2 cores, but the formula wants a core for each");
  CHECK_FALSE(named(x, "threads/1").oversubscribed);

  cells.erase(cells.begin());
  x = compare(example::context(), cells);
  for (const comparison_result& r : x.results) {
    CHECK(std::isnan(r.speedup));
    CHECK(std::isnan(r.efficiency));
    CHECK(std::isnan(r.serial_fraction));
    CHECK(r.speedup_reason == "synchronous was not measured");
  }
  for (const comparison_result& r : compare(example::context(), example::cells()).results) {
    CHECK(std::isnan(r.stddev) != r.stddev_reason.empty());
    CHECK(std::isnan(r.speedup) != r.speedup_reason.empty());
    CHECK(std::isnan(r.efficiency) != r.efficiency_reason.empty());
    CHECK(std::isnan(r.serial_fraction) != r.serial_fraction_reason.empty());
  }
}

TEST_CASE("Amdahl's law is found again in times that follow it") {
  comparison_context context = example::context();
  context.num_cpus = 8;
  std::vector cells{timed("synchronous", 1, {10})};
  for (const std::uint32_t n : {1U, 2U, 4U, 8U, 16U}) // 16 share 8 cores and follow no law: left out
    cells.push_back(timed("threads", n, {n == 16 ? 99 : 10 * (0.2 + 0.8 / n)}));
  const comparison x = compare(context, cells);
  REQUIRE(x.amdahl.size() == 2);
  CHECK(x.amdahl[0].policy == "synchronous");
  CHECK(std::isnan(x.amdahl[0].serial_fraction));
  CHECK_FALSE(x.amdahl[0].serial_fraction_reason.empty());
  CHECK(x.amdahl[1].serial_fraction == Approx(0.2).epsilon(1e-12));
}

TEST_CASE("the shares of a cell's time add up to 1") {
  for (const comparison_result& r : compare(example::context(), example::cells()).results) {
    CAPTURE(r.name);
    CHECK(r.shares.startup + r.shares.compute + r.shares.transfer + r.shares.idle == Approx(1));
    CHECK(r.shares.idle >= 0);
  }
  const measurement run =
      example::run(2, 0.2, 2, 2); // 4 core seconds: 0.4 start-up, 1.6 compute, 1.9 - 1.6 - 0.1 other
  const std::vector cells{measured_cell{"processes", 2, "", {run}}};
  const time_shares x = compare(example::context(), cells).results[0].shares;
  CHECK(x.startup == Approx(0.1));
  CHECK(x.compute == Approx(0.4));
  CHECK(x.transfer == Approx(0.05));
  CHECK(x.idle == Approx(0.45));
}

TEST_CASE("cells of different work or output are not compared, and the cells are named") {
  auto cells = example::cells();
  cells[2].runs[3].work.output_sha256 = std::string(64, '0');
  CHECK(refusal(cells) == "all cells must yield the same table, but that of synchronous/1 (repetition 1) has SHA-256 " +
                              std::string(64, 'f') + " and that of threads/2 (repetition 4) has " +
                              std::string(64, '0'));
  cells = example::cells();
  cells[1].runs[0].work.rows = 499;
  CHECK(contains(refusal(cells), "synchronous/1 (repetition 1) did 50 tracks, 0 failed, 500 rows"));
  CHECK(contains(refusal(cells), "threads/1 (repetition 1) did 50 tracks, 0 failed, 499 rows"));
  cells = example::cells();
  cells[1].runs[1].work.corpus_sha256 = std::string(64, 'd');
  CHECK(contains(refusal(cells), "all cells must do the same work"));
  CHECK(refusal(example::cells()).empty());
}

TEST_CASE("cells that learn are measured against one thread, and their accuracy by a tolerance") {
  const comparison x = compare(example::training_context(), example::trainings());
  CHECK(x.context.model == "xgboost");
  CHECK(x.context.test_rows == 3000);
  CHECK(x.published.empty());
  const comparison_result& one = named(x, "local/1");
  const comparison_result& ranks = named(x, "distributed/2");
  CHECK(one.speedup == 1);
  CHECK(ranks.speedup == one.median / ranks.median);
  CHECK(ranks.accuracy_difference == Approx(0.0025));
  CHECK_FALSE(ranks.accuracy_differs);
  CHECK_FALSE(ranks.same_output);
  CHECK(named(x, "local/2").same_output);
  CHECK(named(x, "distributed:200/2").accuracy_differs);
  for (const comparison_result& r : compare(example::context(), example::cells()).results) {
    CHECK(r.accuracy_reason == "nothing was learnt");
    CHECK(r.accuracy_difference_reason == r.accuracy_reason);
    CHECK_FALSE(r.accuracy_differs);
    CHECK(r.same_output);
  }
}

TEST_CASE("without one thread there is nothing to measure cells that learn against") {
  auto cells = example::trainings();
  cells.erase(cells.begin());
  for (const comparison_result& r : compare(example::training_context(), cells).results) {
    CHECK(r.speedup_reason == "local/1 was not measured");
    CHECK(r.accuracy_difference_reason == "local/1 was not measured");
    CHECK(std::isnan(r.accuracy_difference));
    CHECK_FALSE(std::isnan(r.accuracy));
    CHECK_FALSE(r.accuracy_differs);
  }
}

TEST_CASE("threads that learn another model are refused, as are repetitions that do") {
  const auto refused = [](std::vector<measured_cell> cells) -> std::string {
    try {
      compare(example::training_context(), cells);
    } catch (const error& e) {
      return e.what();
    }
    return "";
  };
  auto cells = example::trainings();
  cells[1].runs[2].work.output_sha256 = std::string(64, 'x');
  CHECK(refused(cells) == "these cells must learn the same model, but that of local/1 (repetition 1) has SHA-256 " +
                              std::string(64, 'a') + " and that of local/2 (repetition 3) has " + std::string(64, 'x'));
  cells = example::trainings();
  cells[3].runs[1].work.output_sha256 = std::string(64, 'x');
  CHECK(contains(refused(cells), "that of distributed/2 (repetition 1) has"));
  cells = example::trainings();
  cells[2].runs[0].work.train_rows = 6999;
  CHECK(contains(refused(cells), "xgboost by 6999 rows of 10000 x 57, judged by 3000, split grouped-track"));
}

TEST_CASE("the context tells what the runs did") {
  const comparison_context x = compare(example::context(), example::cells()).context;
  CHECK(x.tracks == 50);
  CHECK(x.rows == 500);
  CHECK(x.columns == 87);
  CHECK(x.repetitions == 5);
}

TEST_CASE("the course report's speed-ups are against its own serial figures") {
  for (const published_figure& x : published_figures()) {
    if (x.policy == "distributed")
      CHECK(x.speedup == Approx(4.253).epsilon(1e-3));
    if (x.policy == "process-per-track")
      CHECK(x.speedup == Approx(1.643).epsilon(1e-3));
  }
  CHECK(published_figures().size() == 8);
}
