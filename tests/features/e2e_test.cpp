// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/chunks.hpp"
#include "audio/clip.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tolerances.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace fugato;

namespace {

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, ',');)
    result.push_back(field);
  return result;
}

double tolerance_of(const column& c, double value) {
  if (c.feature == "harmonics" || c.feature == "perceptual_shock_wave")
    return golden::of_separated_mean("music", value);
  const auto& all = golden::expectations();
  return golden::of_mean(std::ranges::find(all, c.feature, &golden::expectation::feature)->tolerance, value);
}

} // namespace

TEST_CASE("a whole track's table equals the one that librosa makes of it") {
  for (const std::string track : {"disco.00001", "reggae.00003"}) {
    CAPTURE(track);
    const clip y = read_clip(golden::path("e2e/" + track + ".flac"), {});
    const std::vector<chunk> chunks = cut(y.samples.size(), y.rate, {});
    REQUIRE(chunks.size() == 10);

    const feature_settings settings;
    const std::vector<column> columns = columns_of(settings);
    extractor e(settings, y.rate);
    REQUIRE(e.width() == 87);
    std::vector<float> row(e.width());

    std::istringstream table(golden::bytes("e2e/" + track + ".csv"));
    std::string line;
    std::getline(table, line);
    const std::vector<std::string> header = fields(line);
    REQUIRE(header.size() >= 88);
    for (std::size_t i = 0; i < columns.size(); ++i)
      CHECK(columns[i].name == header[i + 1]);

    for (std::size_t c = 0; c < chunks.size(); ++c) {
      CAPTURE(c);
      REQUIRE(std::getline(table, line));
      const std::vector<std::string> expected = fields(line);
      e.extract(std::span(y.samples).subspan(chunks[c].first, chunks[c].size), row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        CAPTURE(columns[i].name);
        const double value = std::stod(expected[i + 1]);
        CHECK(std::abs(double{row[i]} - value) <= tolerance_of(columns[i], value));
      }
    }
    CHECK_FALSE(std::getline(table, line));
  }
}
