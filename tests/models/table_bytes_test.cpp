// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_bytes.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>

using namespace fugato;

namespace {

dataset sample() {
  dataset x;
  x.columns = {"a", "b, \"c\"\n"};
  x.values = {1.5F, -0.0F, 1e-45F, std::numeric_limits<float>::max(), 0.1F, 2};
  x.track_names = {"blues.00000.wav", ""};
  x.tracks = {0, 0, 1};
  x.chunks = {0, 1, 0};
  x.label_names = {"blues", "rock"};
  x.labels = {0, 0, 1};
  return x;
}

} // namespace

TEST_CASE("a table comes back as it was, to the bit") {
  const dataset x = sample();
  const dataset y = dataset_from_bytes(to_bytes(x));
  CHECK(y.columns == x.columns);
  CHECK(std::memcmp(y.values.data(), x.values.data(), x.values.size() * sizeof(float)) == 0);
  CHECK(y.track_names == x.track_names);
  CHECK(y.tracks == x.tracks);
  CHECK(y.chunks == x.chunks);
  CHECK(y.label_names == x.label_names);
  CHECK(y.labels == x.labels);
  CHECK(to_bytes(dataset_from_bytes(to_bytes(dataset{}))) == to_bytes(dataset{}));
}

TEST_CASE("a table that was cut short or tampered with is refused") {
  const std::string good = to_bytes(sample());
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_THROWS_AS(dataset_from_bytes(std::string_view(good).substr(0, size)), error);
  CHECK_THROWS_AS(dataset_from_bytes(good + "x"), error);
  dataset x = sample();
  x.labels[1] = 2;
  CHECK_THROWS_AS(dataset_from_bytes(to_bytes(x)), error);
  x = sample();
  x.chunks.pop_back();
  CHECK_THROWS_AS(dataset_from_bytes(to_bytes(x)), error);
  std::string huge = good;
  std::memset(huge.data(), 0xff, 8);
  CHECK_THROWS_AS(dataset_from_bytes(huge), error);
}
