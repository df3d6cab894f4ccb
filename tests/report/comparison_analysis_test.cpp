// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/report/comparison_example.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace fugato;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> texts(const comparison& x, const std::string& topic) {
  std::vector<std::string> result;
  for (const finding& f : x.findings)
    if (f.topic == topic)
      result.push_back(f.text);
  return result;
}

measured_cell timed(const std::string& policy, std::uint32_t workers, const std::vector<double>& times) {
  measured_cell result{policy, workers, "", {}};
  for (const double t : times)
    result.runs.push_back(example::run(t, 0, workers, 8));
  return result;
}

comparison of(const std::vector<measured_cell>& cells, std::uint32_t cores = 8) {
  comparison_context context = example::context();
  context.num_cpus = cores;
  return compare(context, cells);
}

} // namespace

TEST_CASE("the fastest cell is named, with those that cannot be told from it") {
  const comparison x = of({timed("synchronous", 1, {8, 8.1, 8.2}), timed("threads", 2, {4, 4.1, 4.2}),
                           timed("processes", 2, {4.15, 4.3, 4.4}), timed("distributed", 2, {5, 5.1, 5.2})});
  REQUIRE(texts(x, "Fastest").size() == 1);
  CHECK(texts(x, "Fastest")[0] == "Of all cells, threads/2 is fastest with 4.100 s (1.98 x synchronous); processes/2 "
                                  "(4.300 s) cannot be told apart from it, for the ranges of their times overlap.");
  CHECK(texts(x, "Fastest with 2 workers").size() == 1);
  CHECK(texts(x, "Fastest with 1 worker").empty());
}

TEST_CASE("it is said where adding workers stops paying") {
  const std::string topic = "Where adding workers stops paying";
  const comparison x = of({timed("synchronous", 1, {8}), timed("threads", 1, {8}), timed("threads", 2, {4}),
                           timed("threads", 4, {3.9}), timed("processes", 1, {8}), timed("processes", 2, {8.8}),
                           timed("distributed", 1, {8}), timed("distributed", 2, {4})});
  REQUIRE(texts(x, topic).size() == 3);
  CHECK(texts(x, topic)[0] ==
        "threads: adding workers pays up to 2 (2.00 x synchronous); with 4 the time is 2.5 % shorter.");
  CHECK(texts(x, topic)[1] == "processes: more workers than 1 do not pay; with 2 the time is 10 % longer.");
  CHECK(texts(x, topic)[2] ==
        "distributed: adding workers pays up to 2 (2.00 x synchronous), the most that were tried.");
}

TEST_CASE("the best policy depends on the size of the corpus") {
  measured_cell slow_start = timed("processes", 4, {2});
  slow_start.runs[0].cost.work_wall_seconds = 1; // fixed 1 s, 20 ms a track
  measured_cell steady = timed("synchronous", 1, {2.09});
  steady.runs[0].cost.work_wall_seconds = 2; // fixed 0.09 s, 40 ms a track: equal at 45.5 tracks
  const auto found = texts(of({steady, slow_start}), "Best by size of the corpus");
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0], "synchronous/1 below 46 tracks, processes/4 from 46 tracks on."));
}

TEST_CASE("a cost per track that is lower by a hair decides nothing about size") {
  const auto found =
      texts(of({timed("synchronous", 1, {2}), timed("threads", 1, {2.02})}), "Best by size of the corpus");
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0], "the fastest is synchronous/1 from 1 track on."));
}

TEST_CASE("it is said where the time goes") {
  const auto found = texts(compare(example::context(), example::cells()), "Where the time goes");
  REQUIRE(found.size() == 3); // a policy each
  CHECK(contains(found[0], "synchronous/1: 0 % start-up"));
  CHECK(contains(found[2], "% start-up"));
  CHECK(contains(found[2], "123 kB on the wire, 200 messages"));
}

TEST_CASE("pool-apply and pool-apply-async are called serial by construction, with the reason") {
  const comparison x = compare(example::context(), example::cells({"pool-apply", "pool-apply-async", "pool-map"}));
  const auto found = texts(x, "Serial by construction");
  REQUIRE(found.size() == 2);
  CHECK(
      contains(found[0], "pool-apply is serial however many workers it has: the next track is handed out only after"));
  CHECK(
      contains(found[0], "At best it is 0.995 x as fast as synchronous here, and 0.869 x as fast as the serial loop"));
  CHECK(contains(found[1], "pool-apply-async is serial"));
  CHECK(contains(found[1], "awaited at once"));
}

TEST_CASE("what makes figures doubtful is said") {
  comparison_context context = example::context();
  context.load_avg = {1.5, 1, 1};
  context.library_build_type = "Debug";
  const std::vector cells{timed("synchronous", 1, {1, 2}), timed("threads", 4, {1, 1})};
  const auto found = texts(compare(context, cells), "Read with care");
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0], "The load average was 1.50"));
  CHECK(contains(found[0], "synchronous/1 (47 %)"));
  CHECK(contains(found[0], "more than 2 workers share 2 cores"));
  CHECK(contains(found[0], "2 repetitions of each cell are too few"));
  CHECK(contains(found[0], "built for debugging"));
  CHECK(texts(of({timed("synchronous", 1, {1, 1, 1})}), "Read with care").empty());
}

TEST_CASE("what learning gains alone, and whether the models are equal, is said") {
  const comparison x = compare(example::training_context(), example::trainings());
  CHECK(texts(x, "Best by size of the corpus").empty());
  const auto learning = texts(x, "Learning alone");
  REQUIRE(learning.size() == 3);
  CHECK(contains(learning[0], "local/2 is the quickest of local: it learnt in "));
  const auto models = texts(x, "Whether the models are equal");
  REQUIRE(models.size() == 3);
  CHECK(models[0] == "local: 2 of 2 cells learnt local/1's model, to the byte; accuracy 0.5500, at most 0.0000 from "
                     "local/1's (0.02 is tolerated).");
  CHECK(models[1] ==
        "distributed: 0 of 2 cells learnt local/1's model, to the byte; accuracy 0.5475 to 0.5525, at most "
        "0.0025 from local/1's (0.02 is tolerated).");
  const auto cautions = texts(x, "Read with care");
  REQUIRE(cautions.size() == 1);
  CHECK(contains(cautions[0], "The accuracy of distributed:200/2 (-0.0300) differs from local/1's by more than 0.02"));
  const std::string text = comparison_text(x);
  CHECK(contains(text, "xgboost, split grouped-track: 7000 rows of music learnt from, 3000 judged by on desk"));
  CHECK(contains(text, " 0.5200! other\n"));
  CHECK_FALSE(contains(text, "course report"));
}

TEST_CASE("the text for the terminal has a line per cell and fits its table") {
  const std::string text = comparison_text(compare(example::context(), example::cells()));
  CHECK(contains(text, "\nsynchronous/1 "));
  CHECK(contains(text, "\nthreads/4 * "));
  CHECK(contains(text, "50 tracks of music on desk: Example CPU <&> (2 cores)"));
  CHECK(contains(text, "distributed               30.85 s   4.25 x serial   Dask, scheduler=distributed"));
  CHECK(contains(text, "on another machine"));
  CHECK_FALSE(contains(text, "nan"));
}
