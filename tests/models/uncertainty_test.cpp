// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/uncertainty.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace fugato;

namespace {

using numbers = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("the bootstrap's interval is numpy's") {
  const numbers hits{3, 0, 4, 2, 4, 1, 4};
  const numbers rows{4, 4, 4, 3, 4, 4, 5};
  // numpy 1.24: d = RandomState(seed).randint(7, size=(1000, 7));
  // percentile(hits[d].sum(1) / rows[d].sum(1), [2.5, 97.5])
  CHECK(bootstrap_share(hits, rows).low == doctest::Approx(0.3461206896551724).epsilon(1e-12));
  CHECK(bootstrap_share(hits, rows).high == doctest::Approx(0.8847222222222221).epsilon(1e-12));
  CHECK(bootstrap_share(hits, rows, 5).low == doctest::Approx(0.37037037037037035).epsilon(1e-12));
  CHECK(bootstrap_share(hits, rows, 5).high == doctest::Approx(0.8889880952380951).epsilon(1e-12));
}

TEST_CASE("the interval of one cluster is its share, of none 0") {
  CHECK(bootstrap_share(numbers{3}, numbers{4}).low == 0.75);
  CHECK(bootstrap_share(numbers{3}, numbers{4}).high == 0.75);
  CHECK(bootstrap_share(numbers{}, numbers{}).high == 0);
}

TEST_CASE("mean and deviation are those of the sample") {
  // numpy: mean, std(ddof=1)
  const figure_spread x = spread_of(std::vector<double>{.5, .75, .625, .9});
  CHECK(x.mean == doctest::Approx(0.69375).epsilon(1e-12));
  CHECK(x.deviation == doctest::Approx(0.17123935490028766).epsilon(1e-12));
  CHECK(x.values == 4);
  CHECK(spread_of(std::vector<double>{.5}).deviation == 0);
  CHECK(spread_of(std::vector<double>{.5}).mean == .5);
  CHECK(spread_of({}).values == 0);
}
