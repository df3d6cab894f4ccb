// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "models/scaler.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace fugato;

namespace {

dataset table_of(std::size_t width, std::vector<float> values) {
  dataset t;
  for (std::size_t j = 0; j < width; ++j)
    t.columns.push_back(std::to_string(j));
  t.values = std::move(values);
  return t;
}

std::vector<std::uint32_t> all_rows(const dataset& t) {
  std::vector<std::uint32_t> rows(t.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

} // namespace

TEST_CASE("means and scales are those of scikit-learn's StandardScaler") {
  const dataset t =
      table_of(4, {1.5F, -2, 7, 1e-3F, 2.25F, 4, 7, 2e-3F, -8, .125F, 7, 4e-3F, 3, 3, 7, 1e6F, .1F, 100, 7, 0});
  const scaler s = fit_scaler(t, all_rows(t));
  // scikit-learn 1.2.1
  const double mean[] = {-0.22999999970197677, 21.025, 7.0, 200000.00140000007};
  const double scale[] = {4.001449737307305, 39.544310589514645, 1.0, 399999.99929999997};
  for (std::size_t j = 0; j < 4; ++j) {
    CHECK(s.mean[j] == doctest::Approx(mean[j]).epsilon(1e-15));
    CHECK(s.scale[j] == doctest::Approx(scale[j]).epsilon(1e-15));
  }
}

TEST_CASE("a column that is constant up to rounding is only centred") {
  const dataset t = table_of(1, std::vector<float>(1000, 0.1F));
  const scaler s = fit_scaler(t, all_rows(t));
  CHECK(s.scale[0] == 1.0);
  CHECK(scaled(t, all_rows(t), s).values[0] == doctest::Approx(0));
}

TEST_CASE("scaled columns have mean 0 and standard deviation 1 over the rows learnt from") {
  const dataset t = blobs();
  const std::vector<std::uint32_t> rows{1, 5, 9, 40, 77, 100, 119};
  const samples x = scaled(t, rows, fit_scaler(t, rows));
  REQUIRE(x.rows() == rows.size());
  for (std::size_t j = 0; j < x.width; ++j) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
      const auto z = static_cast<double>(x.values[i * x.width + j]);
      sum += z;
      squares += z * z;
    }
    CHECK(std::abs(sum) < 1e-5);
    CHECK(squares == doctest::Approx(static_cast<double>(rows.size())).epsilon(1e-5));
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(x.labels[i] == t.labels[rows[i]]);
}

TEST_CASE("rows that are not learnt from have no say") {
  dataset t = table_of(1, {1, 3, 1000});
  const std::vector<std::uint32_t> rows{0, 1};
  const scaler s = fit_scaler(t, rows);
  CHECK(s.mean[0] == 2);
  CHECK(s.scale[0] == 1);
}

TEST_CASE("a scaler reads back from JSON to the same doubles") {
  const dataset t = blobs();
  scaler s = fit_scaler(t, all_rows(t));
  scaler back;
  read_json(to_json(s), {"s.json", ""}, description_of(back));
  CHECK(back.mean == s.mean);
  CHECK(back.scale == s.scale);
}

TEST_CASE("a scaler refuses a table of another width") {
  const dataset t = table_of(2, {1, 2});
  CHECK(sentence(errc::bad_model, [&] {
          scaled(t, all_rows(t), scaler{{0}, {1}});
        }) == "the scaler was made for 1 columns, but the table has 2");
}
