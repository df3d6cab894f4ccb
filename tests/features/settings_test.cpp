// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/settings.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "features/catalog.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

feature_settings read(const std::string& text) {
  feature_settings x;
  read_json(text, {"test", ""}, description_of(x));
  return x;
}

} // namespace

TEST_CASE("the defaults are the preset report") {
  const feature_settings x;
  CHECK(x.preset == "report");
  CHECK(x.names == feature_presets().at("report").names);
  CHECK(x.names.size() == 19);
  CHECK(x.statistics == std::vector<std::string>{"mean"});
  CHECK(x.n_mfcc == 20);
  CHECK(x.n_fft == 2048);
  CHECK(x.hop_length == 512);
  CHECK(x.padding == "zero");
}

TEST_CASE("a preset sets names, statistics and n_mfcc") {
  const feature_settings x = read(R"({"preset": "extended"})");
  CHECK(x.names == feature_presets().at("extended").names);
  CHECK(x.statistics == std::vector<std::string>{"mean", "var"});
  CHECK(read(R"({"preset": "report-108"})").n_mfcc == 27);
}

TEST_CASE("what is given besides a preset replaces its own, wherever it stands") {
  const feature_settings x = read(R"({"n_mfcc": 13, "names": ["mfcc"], "preset": "report-108"})");
  CHECK(x.n_mfcc == 13);
  CHECK(x.names == std::vector<std::string>{"mfcc"});
}

TEST_CASE("settings read back as they were written") {
  feature_settings x;
  x.names = {"rms", "mfcc"};
  x.statistics = {"std"};
  x.n_mfcc = 5;
  x.n_fft = 512;
  x.hop_length = 128;
  x.padding = "reflect";
  const feature_settings y = read(to_json(x));
  CHECK(y.names == x.names);
  CHECK(y.statistics == x.statistics);
  CHECK(y.n_mfcc == 5);
  CHECK(y.n_fft == 512);
  CHECK(y.hop_length == 128);
  CHECK(y.padding == "reflect");
}

TEST_CASE("names and numbers out of range are refused") {
  CHECK_THROWS_AS(read(R"({"preset": "reprot"})"), error);
  CHECK_THROWS_AS(read(R"({"names": ["chrome"]})"), error);
  CHECK_THROWS_AS(read(R"({"statistics": ["median"]})"), error);
  CHECK_THROWS_AS(read(R"({"n_mfcc": 129})"), error);
  CHECK_THROWS_AS(read(R"({"n_fft": 63})"), error);
  CHECK_THROWS_AS(read(R"({"hop_length": 0})"), error);
  CHECK_THROWS_AS(read(R"({"padding": "edge"})"), error);
}
