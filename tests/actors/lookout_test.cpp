// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/lookout.hpp"

#include <doctest/doctest.h>

using fugato::lookout;

namespace {

constexpr std::uint64_t second = 1'000'000;

} // namespace

TEST_CASE("a run without workers says so, again and again, and gives up once") {
  lookout watch{30 * second};
  CHECK_FALSE(watch.look(0, false, 7));
  CHECK_FALSE(watch.look(1 * second, false, 7));
  const auto first = watch.look(2 * second, false, 7);
  REQUIRE(first);
  CHECK(first->find("none is there, and 7 tasks") != std::string::npos);
  CHECK(first->find("giving up in 28 s") != std::string::npos);
  CHECK_FALSE(watch.look(11 * second, false, 7));
  CHECK(watch.look(12 * second, false, 7));
  CHECK_FALSE(watch.gave_up());
  const auto last = watch.look(31 * second, false, 7);
  REQUIRE(last);
  CHECK(last->find("within 30 s (dispatch.no_worker_seconds)") != std::string::npos);
  CHECK(watch.gave_up());
  CHECK_FALSE(watch.look(50 * second, false, 7));
}

TEST_CASE("a worker that comes in time ends the wait, and the next begins anew") {
  lookout watch{10 * second};
  watch.look(0, false, 1);
  watch.look(9 * second, false, 1);
  CHECK_FALSE(watch.look(9 * second + 1, true, 1));
  CHECK_FALSE(watch.look(100 * second, false, 1));
  watch.look(109 * second, false, 1);
  CHECK_FALSE(watch.gave_up());
  CHECK(watch.waited_us() == 18 * second);
}

TEST_CASE("without a limit the wait has no end") {
  lookout watch{0};
  watch.look(0, false, 1);
  CHECK(watch.look(100'000 * second, false, 1));
  CHECK_FALSE(watch.gave_up());
}
