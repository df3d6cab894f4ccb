// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/simulate.hpp"

#include "tests/actors/corpora.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("idle lines take every task, in as few messages as the batch allows") {
  dispatch_settings settings = dispatch_of("processes", 3);
  settings.batch = 100;
  const simulation x = simulate(settings, 10'000);
  CHECK(x.tasks == 10'000);
  CHECK(x.lines == 3);
  CHECK(x.batch == 100);
  CHECK(x.messages == 3 * 100); // a parcel, its results, the receipt
  CHECK(x.wire_bytes > 10'000 * 12);
  CHECK(x.leader_rss_bytes > 0);
}

TEST_CASE("lines of the same process cost no bytes on the wire") {
  const simulation x = simulate(dispatch_of("threads", 2), 1000);
  CHECK(x.messages == 3 * 1000);
  CHECK(x.wire_bytes == 0);
}
