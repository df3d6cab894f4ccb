// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json_difference.hpp"

#include <doctest/doctest.h>

using fugato::json_difference;

TEST_CASE("the first difference is named with both values") {
  CHECK(json_difference(R"({"a": {"n": 1}, "b": 2})", R"({"b": 2, "a": {"n": 1}})").empty());
  CHECK(json_difference(R"({"a": {"n": 1}})", R"({"a": {"n": 2}})") == "/a/n: 1 there, 2 here");
  CHECK(json_difference(R"({"a": ["x", "y"]})", R"({"a": ["x"]})") == "/a/1: \"y\" there, nothing here");
  CHECK(json_difference(R"({"a": 1})", R"({"a": 1, "b": true})") == "/b: nothing there, true here");
}
