// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/spelling.hpp"

#include "config/catalog.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("the closest name is suggested") {
  CHECK(hint("threds", {"synchronous", "threads"}) == "; did you mean 'threads'?");
  CHECK(hint("syncronous", {"synchronous", "threads"}) == "; did you mean 'synchronous'?");
}

TEST_CASE("without a close name all are listed, up to twelve") {
  CHECK(hint("dask", {"synchronous", "threads"}) == "; known: synchronous, threads");
  CHECK(hint("x", {}).empty());
  const std::vector<std::string_view> many(13, "something-long");
  CHECK(hint("x", many).ends_with(", ..."));
}

TEST_CASE("a catalog finds its rows and names the closest for a wrong name") {
  struct row {
    std::string_view name, summary;
  };
  const catalog<row> all{"colour", {{"red", "warm"}, {"blue", "cold"}}};
  CHECK(all.at("blue").summary == "cold");
  CHECK_THROWS_WITH_AS(all.at("bleu"), "unknown colour 'bleu'; did you mean 'blue'?", error);
}
