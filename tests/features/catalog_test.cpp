// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/catalog.hpp"

#include "config/error.hpp"
#include "features/analysis.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

using namespace fugato;

namespace {

feature_settings settings_of(std::string_view preset) {
  const feature_preset& p = feature_presets().at(preset);
  feature_settings x;
  x.preset = p.name;
  x.names = p.names;
  x.statistics = p.statistics;
  x.n_mfcc = p.n_mfcc;
  return x;
}

std::vector<std::string> names_of(const feature_settings& x) {
  std::vector<std::string> names;
  for (const column& c : columns_of(x))
    names.push_back(c.name);
  return names;
}

} // namespace

TEST_CASE("every row of the catalog is complete and its name unique") {
  std::set<std::string_view> seen;
  for (const feature& f : features()) {
    CAPTURE(f.name);
    CHECK(seen.insert(f.name).second);
    CHECK_FALSE(f.column.empty());
    CHECK_FALSE(f.unit.empty());
    CHECK_FALSE(f.reference.empty());
    CHECK(f.summary.ends_with('.'));
    CHECK((f.compute != nullptr));
    CHECK((f.column.find("{}") != std::string_view::npos) == (f.bands(feature_settings()) > 1));
  }
}

TEST_CASE("every feature yields finite series of the bands it announces") {
  const feature_settings settings;
  for (const auto& y : {tones::noise(30000), tones::silence(30000), tones::noise(1), tones::constant(3000, -1)}) {
    analysis a(settings, 22050);
    a.reset(y);
    for (const feature& f : features()) {
      CAPTURE(f.name);
      const series x = f.compute(a);
      CHECK(x.bands == f.bands(settings));
      CHECK(x.values.size() == x.bands * x.length);
      CHECK((!f.single || x.length == 1));
      for (const float v : x.values)
        REQUIRE(std::isfinite(v));
    }
  }
}

TEST_CASE("the preset report has the report's 87 columns in its order") {
  auto expected = golden::column_names();
  expected.resize(87);
  CHECK(names_of(feature_settings()) == expected);
  CHECK(names_of(settings_of("report")) == expected);
}

TEST_CASE("the preset report-108 goes on to 27 MFCC") {
  const auto names = names_of(settings_of("report-108"));
  REQUIRE(names.size() == 108);
  CHECK(names.front() == "zero_crossing_rate_mean");
  CHECK(names[27] == "mfcc0_mean");
  CHECK(names[86] == "mfcc_accelerate_19_mean");
  CHECK(names[87] == "mfcc20_mean");
  CHECK(names.back() == "mfcc_accelerate_26_mean");
}

TEST_CASE("the preset extended has means and variances of all features") {
  const auto names = names_of(settings_of("extended"));
  REQUIRE(names.size() == 202);
  CHECK(settings_of("extended").names.size() == features().size());
  CHECK(std::vector(names.begin(), names.begin() + 4) ==
        std::vector<std::string>{"zero_crossing_rate_mean", "zero_crossing_rate_var", "zero_crossings_mean",
                                 "spectrogram_mean"});
  CHECK(names[names.size() - 13] == "spectral_contrast7_var");
  CHECK(names[names.size() - 12] == "tonnetz1_mean");
  CHECK(names.back() == "tonnetz6_var");
  CHECK(std::set(names.begin(), names.end()).size() == names.size());
}

TEST_CASE("interleaved features alternate band by band, statistics within") {
  feature_settings x;
  x.names = {"mfcc", "mfcc_delta", "rms"};
  x.statistics = {"mean", "std"};
  x.n_mfcc = 2;
  CHECK(names_of(x) == std::vector<std::string>{"mfcc0_mean", "mfcc0_std", "mfcc_delta_0_mean", "mfcc_delta_0_std",
                                                "mfcc1_mean", "mfcc1_std", "mfcc_delta_1_mean", "mfcc_delta_1_std",
                                                "rms_mean", "rms_std"});
}

TEST_CASE("features that interleave do so only as neighbours") {
  feature_settings x;
  x.names = {"mfcc", "rms", "mfcc_delta"};
  x.n_mfcc = 2;
  CHECK(names_of(x) ==
        std::vector<std::string>{"mfcc0_mean", "mfcc1_mean", "rms_mean", "mfcc_delta_0_mean", "mfcc_delta_1_mean"});
}

TEST_CASE("a feature of one value a chunk takes one column whatever the statistics") {
  feature_settings x;
  x.names = {"tempo_bpm", "rms"};
  x.statistics = {"var", "std"};
  CHECK(names_of(x) == std::vector<std::string>{"tempo_bpm_mean", "rms_var", "rms_std"});
}

TEST_CASE("columns tell where they come from") {
  feature_settings x;
  x.names = {"chroma", "spectral_centroids_delta"};
  x.statistics = {"mean", "var"};
  const auto columns = columns_of(x);
  REQUIRE(columns.size() == 26);
  CHECK(columns[2].name == "chroma2_mean");
  CHECK(columns[3].feature == "chroma");
  CHECK(columns[3].statistic == "var");
  CHECK(columns[3].unit == "1");
  CHECK(columns[24].unit == "Hz/frame");
  CHECK(columns[25].unit == "(Hz/frame)^2");
}

TEST_CASE("an unknown feature or statistic is refused with a suggestion") {
  feature_settings x;
  x.names = {"chrome"};
  CHECK_THROWS_WITH_AS(columns_of(x), "unknown feature 'chrome'; did you mean 'chroma'?", error);
  x.names = {"chroma"};
  x.statistics = {"meen"};
  CHECK_THROWS_WITH_AS(columns_of(x), "unknown statistic 'meen'; did you mean 'mean'?", error);
}
