// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/features/golden.hpp"

#include "features/analysis.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"
#include "tests/features/tolerances.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace fugato;
using golden::expectation;
using golden::signal;

namespace {

const expectation* expectation_of(std::string_view feature) {
  const auto& all = golden::expectations();
  const auto found = std::ranges::find(all, feature, &expectation::feature);
  return found == all.end() ? nullptr : &*found;
}

/// The largest deviation of all values, or infinity if one is not a number.
template <class At>
double deviation(const golden::array& expected, At at) {
  double worst = 0;
  for (std::size_t r = 0; r < expected.rows; ++r)
    for (std::size_t i = 0; i < expected.kept.size(); ++i) {
      const double e = std::abs(double{at(r, expected.kept[i])} - expected.at(r, i));
      worst = e <= worst ? worst : std::isnan(e) ? HUGE_VAL : e;
    }
  return worst;
}

double deviation(const golden::array& expected, const matrix& m) {
  REQUIRE(m.rows() == expected.rows);
  REQUIRE(m.columns() == expected.columns);
  return deviation(expected, [&](std::size_t r, std::size_t t) { return m[r][t]; });
}

double peak_of(const golden::array& x) {
  double top = 0;
  for (const double v : x.values)
    top = std::max(top, std::abs(v));
  return top;
}

/// One analysis for all signals, as in an extractor: what one leaves behind must not show in the next.
analysis& shared() {
  static analysis a(feature_settings(), 22050);
  return a;
}

std::map<std::string, double> extracted(const signal& s, const std::vector<std::string>& statistics) {
  feature_settings settings;
  settings.statistics = statistics;
  extractor e(settings, 22050);
  std::vector<float> row(e.width());
  e.extract(s.samples, row);
  std::map<std::string, double> result;
  const auto columns = columns_of(settings);
  for (std::size_t i = 0; i < row.size(); ++i)
    result[columns[i].name] = double{row[i]};
  return result;
}

/// The tolerance of a column of 28 signals' seed features; negative where nothing can be said.
double tolerance_of(const column& c, const std::string& signal, double value) {
  const expectation* e = expectation_of(c.feature);
  REQUIRE(e != nullptr);
  const bool separated = c.feature == "harmonics" || c.feature == "perceptual_shock_wave";
  if (separated && c.statistic == "mean")
    return golden::of_separated_mean(signal, value);
  const double each = golden::tolerance_of(*e, signal);
  if (each < 0)
    return each;
  return c.statistic == "var" ? golden::of_variance(each, value) : golden::of_mean(each, value);
}

} // namespace

TEST_CASE("every feature of the catalog has golden values, and each of them a feature") {
  for (const feature& f : features()) {
    CAPTURE(f.name);
    const expectation* e = expectation_of(f.name);
    REQUIRE(e != nullptr);
    std::size_t signals = 0;
    for (const signal& s : golden::signals())
      signals += e->scalar.empty() ? s.find(std::string(e->quantity)).has_value()
                                   : s.scalar(std::string(e->scalar)).has_value();
    CHECK(signals >= 5);
  }
  CHECK(golden::expectations().size() == features().size());
}

TEST_CASE("all 28 signals are there") {
  REQUIRE(golden::signals().size() == 28);
  for (const signal& s : golden::signals())
    CHECK(s.samples.size() == golden::index()["signals"][s.name]["samples"]);
}

TEST_CASE("every feature of every signal equals librosa's, frame by frame") {
  for (const signal& s : golden::signals()) {
    CAPTURE(s.name);
    shared().reset(s.samples);
    for (const feature& f : features()) {
      CAPTURE(f.name);
      const expectation* e = expectation_of(f.name);
      REQUIRE(e != nullptr);
      const series ours = f.compute(shared());
      if (!e->scalar.empty()) {
        REQUIRE(ours.values.size() == 1);
        CHECK(ours.values[0] == static_cast<float>(s.scalar(std::string(e->scalar)).value()));
        continue;
      }
      const auto expected = s.find(std::string(e->quantity));
      const double tolerance = golden::tolerance_of(*e, s.name);
      if (!expected || tolerance < 0)
        continue;
      REQUIRE(ours.bands == expected->rows);
      REQUIRE(ours.length == expected->columns);
      CHECK(deviation(*expected, [&](std::size_t b, std::size_t i) { return ours.band(b)[i]; }) <= tolerance);
    }
  }
}

TEST_CASE("librosa refuses deltas of fewer than 9 frames, where ours are 0, and nothing else is left out") {
  for (const signal& s : golden::signals()) {
    CAPTURE(s.name);
    shared().reset(s.samples);
    for (const expectation& e : golden::expectations()) {
      CAPTURE(e.feature);
      if (e.quantity.empty() || e.quantity.starts_with("hpss") || s.find(std::string(e.quantity)))
        continue;
      CHECK(s.frames() < 9);
      CHECK(e.quantity.find("delta") != std::string::npos);
      for (const float x : features().at(e.feature).compute(shared()).values)
        CHECK(x == 0);
    }
  }
}

TEST_CASE("the spectra that features share equal librosa's within 1e-6 of their peaks") {
  for (const signal& s : golden::signals()) {
    CAPTURE(s.name);
    shared().reset(s.samples);
    if (const auto expected = s.find("stft_mag"))
      CHECK(deviation(*expected, shared().magnitude()) <= 1e-6 * peak_of(*expected));
    const auto mel = s.find("mel").value();
    CHECK(deviation(mel, shared().mel()) <= 1e-6 * peak_of(mel));
    CHECK(deviation(s.find("mel_pdb").value(), shared().mel_db()) <= 2e-3);
    if (s.name == "impulses")
      continue;
    const auto chroma = s.find("chroma_raw").value();
    CHECK(deviation(chroma, shared().chroma_energy()) <= 1e-6 * peak_of(chroma));
  }
}

TEST_CASE("tuning and tempo are picked from the same steps as librosa's") {
  for (const signal& s : golden::signals()) {
    CAPTURE(s.name);
    shared().reset(s.samples);
    if (s.name != "impulses")
      CHECK(tuning_of(shared().tuning_step()) == s.scalar("tuning").value());
    CHECK(shared().tempo().tempo() == doctest::Approx(s.scalar("tempo_beat_track").value()).epsilon(1e-12));
  }
}

TEST_CASE("the median onset strength equals librosa's and the tempogram that of librosa's envelope") {
  for (const signal& s : golden::signals()) {
    CAPTURE(s.name);
    shared().reset(s.samples);
    std::vector<float> envelope(s.frames());
    onset_strength_median(shared().mel_db(), shared().onset_lead(), envelope);
    const auto expected = s.find("onset_median").value();
    CHECK(deviation(expected, [&](std::size_t, std::size_t t) { return envelope[t]; }) <= 4e-5);
    tempo_estimator tempo(22050, 512);
    tempo.analyse(std::vector<float>(expected.values.begin(), expected.values.end()));
    CHECK(deviation(s.find("tempogram_mean").value(),
                    [&](std::size_t, std::size_t lag) { return tempo.tempogram_mean(lag); }) <= 1e-7);
  }
}

TEST_CASE("the means and variances of the separated signals equal librosa's where it defines them") {
  std::size_t compared = 0;
  for (const signal& s : golden::signals()) {
    if (!s.scalar("harmonic_mean"))
      continue;
    CAPTURE(s.name);
    ++compared;
    shared().reset(s.samples);
    const auto& [harmonic, percussive] = shared().separated_means();
    CHECK(std::abs(harmonic - s.scalar("harmonic_mean").value()) <= golden::of_separated_mean(s.name));
    CHECK(std::abs(percussive - s.scalar("percussive_mean").value()) <= golden::of_separated_mean(s.name));
    const statistic& var = statistics().at("var");
    const double each = s.music() ? 3e-7 : 3e-6;
    const double h = s.scalar("harmonic_var").value();
    const double p = s.scalar("percussive_var").value();
    CHECK(std::abs(double{var.reduce(shared().separated().harmonic)} - h) <= golden::of_variance(each, h));
    CHECK(std::abs(double{var.reduce(shared().separated().percussive)} - p) <= golden::of_variance(each, p));
  }
  CHECK(compared == 27); // all but len1000, see README.md
}

TEST_CASE("the report's 87 columns and 21 variances equal librosa's") {
  const std::vector<std::string> names = golden::column_names();
  REQUIRE(names.size() == 108);
  feature_settings settings;
  settings.statistics = {"mean", "var"};
  std::map<std::string, column> columns;
  for (const column& c : columns_of(settings))
    columns[c.name] = c;
  std::size_t signals = 0;
  for (const signal& s : golden::signals()) {
    const auto expected = s.find("columns");
    if (!expected)
      continue;
    CAPTURE(s.name);
    ++signals;
    const auto ours = extracted(s, {"mean", "var"});
    const auto means_alone = extracted(s, {"mean"});
    for (std::size_t i = 0; i < names.size(); ++i) {
      CAPTURE(names[i]);
      REQUIRE(columns.contains(names[i]));
      const double value = expected->values[i];
      const double tolerance = tolerance_of(columns[names[i]], s.name, value);
      if (tolerance < 0)
        continue;
      CHECK(std::abs(ours.at(names[i]) - value) <= tolerance);
      if (i < 87)
        CHECK(std::abs(means_alone.at(names[i]) - value) <= tolerance);
    }
  }
  CHECK(signals == 21); // all of at least 9 frames
}
