// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/kernels.hpp"

#include "config/error.hpp"
#include "features/batch_fft.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>

using namespace fugato;

namespace {

std::vector<const instruction_set*> here() {
  std::vector<const instruction_set*> sets;
  for (const instruction_set& x : instruction_sets())
    if (x.supported())
      sets.push_back(&x);
  return sets;
}

/// rows x 16 values, the columns different, some equal to each other.
aligned_vector<float> rows_of_16(std::size_t rows, std::uint64_t seed, bool positive = true) {
  aligned_vector<float> x(rows * tile);
  std::ranges::copy(tones::noise(x.size(), seed), x.begin());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (positive)
      x[i] = x[i] * x[i];
    if (i % tile == 3)
      x[i] = std::round(4 * x[i]);
  }
  return x;
}

double column_sum(const aligned_vector<float>& x, std::size_t column, auto term) {
  double sum = 0;
  for (std::size_t k = 0; k * tile < x.size(); ++k)
    sum += term(static_cast<double>(k), double{x[k * tile + column]});
  return sum;
}

std::vector<float> column_of(const aligned_vector<float>& x, std::size_t column) {
  std::vector<float> values;
  for (std::size_t i = column; i < x.size(); i += tile)
    values.push_back(x[i]);
  return values;
}

constexpr std::size_t bins = 77; // neither whole parts of a sum nor whole vectors

} // namespace

TEST_CASE("transforms equal the sum that defines them and the inverse leads back, by every set and size") {
  for (const instruction_set* isa : here())
    for (const std::size_t n : {64u, 100u, 128u, 256u, 512u, 2048u, 4096u}) {
      CAPTURE(isa->name);
      CAPTURE(n);
      batch_fft fft(n, *isa);
      const auto signal = rows_of_16(n, n, false);
      std::vector<std::uint32_t> offsets(n);
      for (std::size_t j = 0; j < n; ++j)
        offsets[j] = static_cast<std::uint32_t>(j * tile);
      aligned_vector<float> x(2 * fft.bins() * tile);
      aligned_vector<float> power(fft.bins() * tile);
      std::array<float, 2 * tile> low;
      aligned_vector<float> back(n * tile);
      fft.transform(signal.data(), offsets.data(), tile, x.data());
      fft.power(signal.data(), offsets.data(), 11, power.data(), low.data());
      const auto window = hann(n);
      for (const std::size_t l : {0u, 5u, 10u, 15u})
        for (std::size_t k = 0; k < fft.bins(); k += 1 + n / 100) {
          std::complex<double> sum;
          for (std::size_t j = 0; j < n; ++j)
            sum += double{window[j]} * double{signal[j * tile + l]} *
                   std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n));
          const double tolerance = 1e-6 * std::sqrt(static_cast<double>(n));
          REQUIRE(std::abs(sum.real() - double{x[2 * k * tile + l]}) < tolerance);
          REQUIRE(std::abs(sum.imag() - double{x[(2 * k + 1) * tile + l]}) < tolerance);
          const double expected = l < 11 ? std::norm(sum) : 0; // frames that are not there
          REQUIRE(std::abs(power[k * tile + l] - expected) <= 4 * tolerance * std::sqrt(expected));
          if (k < 2 && l < 11)
            REQUIRE(std::abs(double{low[k * tile + l]} - sum.real()) < tolerance);
        }
      fft.inverse(x.data(), back.data());
      for (std::size_t i = 0; i < back.size(); ++i)
        REQUIRE(std::abs(back[i] - signal[i] * window[i / tile] * window[i / tile]) < 2e-6);
    }
}

TEST_CASE("rows become columns") {
  for (const instruction_set* isa : here())
    for (const auto& [count, n] : {std::pair<std::size_t, std::size_t>{19, 37}, {16, 16}, {3, 5}, {8, 1}}) {
      const auto values = rows_of_16(count * n, 1);
      std::vector<const float*> columns;
      for (std::size_t c = 0; c < count; ++c)
        columns.push_back(values.data() + c * n);
      std::vector<float> out(n * 24);
      isa->table->interleave(columns.data(), count, n, out.data(), 24);
      for (std::size_t c = 0; c < count; ++c)
        for (std::size_t i = 0; i < n; ++i)
          REQUIRE(out[i * 24 + c] == values[c * n + i]);
    }
}

TEST_CASE("sums over bins equal those in double precision") {
  const auto s = rows_of_16(bins, 2);
  for (const instruction_set* isa : here()) {
    CAPTURE(isa->name);
    std::array<double, tile> sum;
    std::array<double, tile> moment;
    std::array<float, tile> running;
    std::array<float, tile> centre;
    std::array<double, 3 * tile> spreads;
    isa->table->moments(s.data(), bins, sum.data(), moment.data(), running.data());
    for (std::size_t l = 0; l < tile; ++l)
      centre[l] = static_cast<float>(moment[l] / sum[l]);
    isa->table->spreads(s.data(), bins, centre.data(), spreads.data());
    for (std::size_t l = 0; l < tile; ++l) {
      CHECK(sum[l] == doctest::Approx(column_sum(s, l, [](double, double x) { return x; })).epsilon(1e-6));
      CHECK(moment[l] == doctest::Approx(column_sum(s, l, [](double k, double x) { return k * x; })).epsilon(1e-6));
      float in_order = 0;
      for (const float x : column_of(s, l))
        in_order += x;
      CHECK(running[l] == in_order);
      for (std::size_t p = 2; p <= 4; ++p) {
        const auto term = [&](double k, double x) {
          return x * std::pow(std::abs(k - double{centre[l]}), static_cast<double>(p));
        };
        CHECK(spreads[(p - 2) * tile + l] == doctest::Approx(column_sum(s, l, term)).epsilon(2e-6));
      }
    }
  }
}

TEST_CASE("ranks count the bins whose running sum stays below a threshold") {
  const auto s = rows_of_16(bins, 3);
  for (const instruction_set* isa : here()) {
    std::array<float, tile> threshold;
    threshold.fill(10);
    std::array<std::int32_t, tile> below;
    isa->table->ranks(s.data(), bins, threshold.data(), below.data());
    for (std::size_t l = 0; l < tile; ++l) {
      float sum = 0;
      std::int32_t expected = 0;
      for (const float x : column_of(s, l))
        expected += (sum += x) < 10 ? 1 : 0;
      CHECK(below[l] == expected);
    }
  }
}

TEST_CASE("peaks, extremes, flatness and decibels equal their definitions") {
  const auto s = rows_of_16(bins, 4);
  for (const instruction_set* isa : here()) {
    CAPTURE(isa->name);
    constexpr std::size_t count = 5;
    std::array<float, tile> top;
    std::array<double, tile> low;
    std::array<double, tile> high;
    std::array<double, tile> sum;
    std::array<double, tile> logs;
    aligned_vector<float> work(2 * count * tile);
    aligned_vector<float> db(s.size());
    isa->table->peaks(s.data(), bins, top.data());
    isa->table->extremes(s.data(), bins, count, work.data(), low.data(), high.data());
    isa->table->flatness(s.data(), bins, sum.data(), logs.data());
    isa->table->decibels(s.data(), bins, tile, db.data());
    for (std::size_t l = 0; l < tile; ++l) {
      auto sorted = column_of(s, l);
      std::ranges::sort(sorted);
      CHECK(top[l] == sorted.back());
      double smallest = 0;
      double largest = 0;
      for (std::size_t i = 0; i < count; ++i) {
        smallest += double{sorted[i]};
        largest += double{sorted[bins - 1 - i]};
      }
      CHECK(low[l] == doctest::Approx(smallest).epsilon(1e-12));
      CHECK(high[l] == doctest::Approx(largest).epsilon(1e-12));
      CHECK(logs[l] == doctest::Approx(column_sum(s, l, [](double, double x) {
                         return std::log2(std::max(1e-10, x));
                       })).epsilon(1e-6));
    }
    for (std::size_t i = 0; i < s.size(); ++i)
      REQUIRE(std::abs(db[i] - 10 * std::log10(std::max(1e-10, double{s[i]}))) < 1e-5);
  }
}

TEST_CASE("the logarithm holds from the least to the greatest power") {
  for (const instruction_set* isa : here())
    for (float x = 1e-10f; x < 1e38f; x *= 1.7f) {
      aligned_vector<float> row(tile, x);
      isa->table->decibels(row.data(), 1, tile, row.data());
      const double expected = 10 * std::log10(double{x});
      REQUIRE(std::abs(double{row[0]} - expected) < 1e-6 + 4e-7 * std::abs(expected));
    }
}

TEST_CASE("bands and classes are weighted sums of bins") {
  const auto p = rows_of_16(bins, 5);
  const std::vector<mel_filter> filters{{0, {1, 0.5f}}, {7, {}}, {70, {0.25f, 1, 2, 3, 1, 0.5f, 7}}};
  const auto weights = tones::noise(bins * 12, 9);
  for (const instruction_set* isa : here()) {
    std::array<float, 3 * tile> bands;
    std::array<float, 12 * tile> classes;
    std::array<float, tile> combined;
    isa->table->mel(filters, p.data(), bands.data(), tile);
    isa->table->chroma(p.data(), bins, weights.data(), classes.data(), tile);
    isa->table->combine(std::span(weights).first(bins), p.data(), tile, combined.data());
    for (std::size_t l = 0; l < tile; ++l) {
      for (std::size_t b = 0; b < filters.size(); ++b) {
        double expected = 0;
        for (std::size_t i = 0; i < filters[b].weights.size(); ++i)
          expected += double{filters[b].weights[i]} * double{p[(filters[b].first + i) * tile + l]};
        CHECK(bands[b * tile + l] == doctest::Approx(expected).epsilon(1e-6));
      }
      for (std::size_t c = 0; c < 12; ++c)
        CHECK(std::abs(classes[c * tile + l] - column_sum(p, l, [&](double k, double x) {
                         return x * double{weights[static_cast<std::size_t>(k) * 12 + c]};
                       })) < 2e-5);
      CHECK(std::abs(combined[l] - column_sum(p, l, [&](double k, double x) {
                       return x * double{weights[static_cast<std::size_t>(k)]};
                     })) < 1e-5);
    }
  }
}

TEST_CASE("a local peak exceeds its gate and the bin below and is at least the bin above") {
  const auto p = rows_of_16(bins, 6);
  std::array<float, tile> gate;
  gate.fill(0.2f);
  for (const instruction_set* isa : here()) {
    std::vector<std::uint32_t> found(bins * tile);
    found.resize(isa->table->local_peaks(p.data(), 3, 70, gate.data(), found.data()));
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 3 * tile; i < 70 * tile; ++i)
      if (p[i] > 0.2f && p[i] > p[i - tile] && p[i] >= p[i + tile])
        expected.push_back(static_cast<std::uint32_t>(i));
    CHECK(expected.size() > 100);
    CHECK(found == expected);
  }
}

TEST_CASE("the median rise is that of the sorted rises, for even and odd numbers of bands") {
  for (const instruction_set* isa : here())
    for (const std::size_t bands : {1u, 2u, 5u, 127u, 128u}) {
      CAPTURE(bands);
      constexpr std::size_t stride = 2 * tile;
      const auto x = tones::noise(bands * stride + tile, 8);
      std::array<float, tile> median;
      std::array<float, tile> mean;
      isa->table->median_rise(x.data(), bands, stride, median.data());
      isa->table->mean_rise(x.data(), bands, stride, mean.data());
      for (std::size_t l = 0; l < tile; ++l) {
        std::vector<float> rises;
        double sum = 0;
        for (std::size_t b = 0; b < bands; ++b) {
          rises.push_back(std::max(0.0f, x[b * stride + l + 1] - x[b * stride + l]));
          sum += double{rises.back()};
        }
        std::ranges::sort(rises);
        CHECK(median[l] == (rises[(bands - 1) / 2] + rises[bands / 2]) / 2);
        CHECK(mean[l] == doctest::Approx(sum / static_cast<double>(bands)).epsilon(1e-5));
      }
    }
}

TEST_CASE("the running median is the middle of each 31 sorted values, in every column, for any number of outputs") {
  const auto x = rows_of_16(200, 7, false);
  for (const instruction_set* isa : here())
    for (const std::size_t outputs : {1u, 3u, 4u, 5u, 16u, 18u, 160u}) {
      CAPTURE(outputs);
      std::vector<const float*> rows(round_up(outputs, 16) + 30);
      for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = x.data() + std::min<std::size_t>(i, 199) * tile;
      std::vector<float> out(outputs * tile);
      isa->table->running_median(rows.data(), outputs, out.data());
      for (std::size_t i = 0; i < outputs; ++i)
        for (std::size_t l = 0; l < tile; ++l) {
          std::vector<float> window;
          for (std::size_t j = 0; j < 31; ++j)
            window.push_back(rows[i + j][l]);
          std::ranges::sort(window);
          REQUIRE(out[i * tile + l] == window[15]);
        }
    }
}

TEST_CASE("masks add up to 1 and silence is halved") {
  for (const instruction_set* isa : here()) {
    const std::vector<float> h{3, 0, 0, 1e-30f, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
    const std::vector<float> p{1, 0, 2, 1e-30f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
    std::vector<float> out(tile);
    isa->table->soft_mask(h.data(), p.data(), tile, out.data());
    CHECK(out == std::vector<float>{0.75f, 0.5f, 0, 0.5f, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
                                    0.5f});
  }
}

TEST_CASE("dots are sums of products") {
  std::vector<double> x;
  std::vector<double> weights;
  for (const float v : tones::noise(100, 3))
    x.push_back(double{v});
  for (const float v : tones::noise(500, 4))
    weights.push_back(double{v});
  for (const instruction_set* isa : here())
    for (const std::size_t n : {0u, 7u, 8u, 83u}) {
      std::array<double, 5> out;
      isa->table->weighted_dots(x.data(), x.data() + 13, weights.data(), 100, n, out.data());
      double plain = 0;
      std::array<double, 5> expected{};
      for (std::size_t i = 0; i < n; ++i) {
        plain += x[i] * x[i + 13];
        for (std::size_t r = 0; r < 5; ++r)
          expected[r] += x[i] * x[i + 13] * weights[r * 100 + i];
      }
      CHECK(std::abs(isa->table->dot(x.data(), x.data() + 13, n) - plain) < 1e-13);
      for (std::size_t r = 0; r < 5; ++r)
        CHECK(std::abs(out[r] - expected[r]) < 1e-13);
    }
}

TEST_CASE("all instruction sets but the reference give the same bits, and that the same within its rounding") {
  const std::vector<float> y = golden::samples("music_disco1_2.flac");
  std::vector<float> best;
  for (const std::string_view name : {"auto", "baseline", "avx2", "reference"}) {
    if (name == "avx2" && best_kernels().power == instruction_sets().at("baseline").table->power)
      continue; // this processor has not got it
    CAPTURE(name);
    feature_settings settings;
    const feature_preset& all = feature_presets().at("extended");
    settings.names = all.names;
    settings.statistics = all.statistics;
    settings.isa = name;
    extractor features(settings, 22050);
    std::vector<float> row(features.width());
    features.extract(y, row);
    if (best.empty())
      best = row;
    if (name != "reference")
      CHECK(std::memcmp(row.data(), best.data(), row.size() * sizeof(float)) == 0);
    for (std::size_t i = 0; i < row.size(); ++i)
      CHECK(row[i] == doctest::Approx(best[i]).epsilon(1e-3));
  }
}

TEST_CASE("an instruction set that no processor has is refused") {
  CHECK_THROWS_AS(instruction_set_named("avx3"), error);
}
