// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/inspection.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

measured result(std::uint32_t task, std::vector<float> values = {1, 2, 3}) {
  measured x;
  x.task = task;
  x.rows.values = std::move(values);
  return x;
}

measured failed(std::uint32_t task, const std::string& reason) {
  measured x;
  x.task = task;
  x.reason = reason;
  return x;
}

/// Lease 7 is of the tasks 4 and 5, whose rows are 3 wide.
struct desk {
  inspection book{rows_of(3)};
  desk() { book.expect(7, {4, 5}); }
  std::string fault(std::vector<measured> tasks, std::uint64_t lease = 7) {
    return book.fault_in({lease, std::move(tasks)});
  }
};

} // namespace

TEST_CASE_FIXTURE(desk, "what answers a lease is kept: rows of the right width, or a failure that is known") {
  CHECK(fault({result(4), result(5, {1, 2, 3, 4, 5, 6})}) == "");
  book.expect(8, {4});
  CHECK(fault({failed(4, "damaged-audio")}, 8) == "");
  book.expect(9, {4});
  CHECK(fault({result(4, {0, -0.F, std::numeric_limits<float>::denorm_min()})}, 9) == "");
}

TEST_CASE_FIXTURE(desk, "rows of another width, none, and values that are not finite are faults") {
  for (const std::vector<float>& values :
       {std::vector<float>{}, std::vector<float>{1, 2}, std::vector<float>{1, 2, 3, 4}}) {
    desk other;
    CHECK(contains(other.fault({result(4), result(5, values)}), "task 5: rows must have 3 values each"));
  }
  for (const float x : {std::nanf(""), INFINITY, -INFINITY}) {
    desk other;
    CHECK(contains(other.fault({result(4, {1, 2, x}), result(5)}), "task 4: values must be finite, but value 2 is"));
  }
}

TEST_CASE_FIXTURE(desk, "results of tasks that were not given are faults") {
  for (const std::vector<std::uint32_t>& tasks :
       {std::vector<std::uint32_t>{}, {4}, {4, 5, 6}, {4, 4}, {5, 4}, {4, 6}, {4, 0xFFFFFFFF}}) {
    desk other;
    std::vector<measured> results;
    for (const std::uint32_t task : tasks)
      results.push_back(result(task));
    CHECK(contains(other.fault(results), "must be those of the 2 tasks of lease 7"));
  }
}

TEST_CASE_FIXTURE(desk, "a lease is answered once, and only when it was given") {
  CHECK(contains(fault({result(4), result(5)}, 6), "lease 6 is not"));
  CHECK(fault({result(4), result(5)}) == "");
  CHECK(contains(fault({result(4), result(5)}), "lease 7 is not"));
}

TEST_CASE_FIXTURE(desk, "a failure must be one that is known, without rows, and foreign text is shown printably") {
  const std::string fault_found = fault({failed(4, "\x1B[31mred"), result(5)});
  CHECK(contains(fault_found, "\\u001b[31mred"));
  CHECK_FALSE(contains(fault_found, "\x1B"));
  desk other;
  measured both = failed(4, "damaged-audio");
  both.rows.values = {1, 2, 3};
  CHECK(contains(other.fault({both, result(5)}), "must have no results"));
}
