// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over the bins of a spectrum, for 16 frames at once.

void roots(const float* x, std::size_t n, float* out) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = std::sqrt(x[i]);
}

void peaks(const float* x, std::size_t rows, float* out) {
  row16 top = all16(0);
  for (std::size_t k = 0; k < rows; ++k)
    top = upper(load16(x + k * tile), top);
  store16(out, top);
}

void moments(const float* s, std::size_t rows, double* sum, double* moment, float* running) {
  std::fill_n(sum, tile, 0.0);
  std::fill_n(moment, tile, 0.0);
  row16 in_order = all16(0);
  for (std::size_t from = 0; from < rows; from += part_rows) {
    row16 plain = all16(0);
    row16 weighted = all16(0);
    for (std::size_t k = from; k < std::min(rows, from + part_rows); ++k) {
      const row16 x = load16(s + k * tile);
      plain = plain + x;
      weighted = weighted + static_cast<float>(k) * x;
      in_order = in_order + x;
    }
    add_to(sum, plain);
    add_to(moment, weighted);
  }
  store16(running, in_order);
}

void spreads(const float* s, std::size_t rows, const float* centre, double* out) {
  std::fill_n(out, 3 * tile, 0.0);
  const row16 c = load16(centre);
  for (std::size_t from = 0; from < rows; from += part_rows) {
    row16 second = all16(0);
    row16 third = all16(0);
    row16 fourth = all16(0);
    for (std::size_t k = from; k < std::min(rows, from + part_rows); ++k) {
      const row16 d = all16(static_cast<float>(k)) - c;
      const row16 distance = each([&](std::size_t g) { return magnitude_of(d.part[g]); });
      const row16 square = d * d;
      const row16 weighted = load16(s + k * tile) * square;
      second = second + weighted;
      third = third + weighted * distance;
      fourth = fourth + weighted * square;
    }
    add_to(out, second);
    add_to(out + tile, third);
    add_to(out + 2 * tile, fourth);
  }
}

void ranks(const float* s, std::size_t rows, const float* threshold, std::int32_t* out) {
  // The sums never fall, so the rows below the threshold are those before the first that is not.
  const row16 limit = load16(threshold);
  row16 sum = all16(0);
  int_lanes below[groups] = {};
  for (std::size_t k = 0; k < rows; ++k) {
    sum = sum + load16(s + k * tile);
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups; ++g)
      below[g] -= sum.part[g] < limit.part[g]; // true is -1
  }
  for (std::size_t g = 0; g < groups; ++g)
    store(out + g * lane_count, below[g]);
}

void flatness(const float* power, std::size_t rows, double* sum, double* logs) {
  // One logarithm for 64 values: exponents are added, and a product of 64 mantissas in [1, 2) fits a float.
  constexpr std::size_t product_of = 64;
  std::fill_n(sum, tile, 0.0);
  std::fill_n(logs, tile, 0.0);
  for (std::size_t from = 0; from < rows; from += product_of) {
    row16 plain = all16(0);
    row16 product = all16(1);
    int_lanes exponents[groups] = {};
    for (std::size_t k = from; k < std::min(rows, from + product_of); ++k) {
      const row16 x = upper(load16(power + k * tile), all16(1e-10f));
      plain = plain + x;
#pragma GCC unroll 4
      for (std::size_t g = 0; g < groups; ++g) {
        const int_lanes bits = (int_lanes)x.part[g];
        exponents[g] += (bits >> 23) - 127;
        product.part[g] *= (lanes)((bits & 0x7fffff) | 0x3f800000);
      }
    }
    add_to(sum, plain);
    add_to(logs, each([&](std::size_t g) { return __builtin_convertvector(exponents[g], lanes); }));
    add_to(logs, each([&](std::size_t g) { return log_2(product.part[g]); }));
  }
}

void extremes(const float* x, std::size_t rows, std::size_t count, float* work, double* low, double* high) {
  // Two sorted lists, into which each value sinks as far as it goes.
  float* smallest = work;
  float* largest = work + count * tile;
  for (std::size_t i = 0; i < count; ++i) {
    store16(smallest + i * tile, all16(std::numeric_limits<float>::infinity()));
    store16(largest + i * tile, all16(-std::numeric_limits<float>::infinity()));
  }
  for (std::size_t k = 0; k < rows; ++k) {
    row16 up = load16(x + k * tile);
    row16 down = up;
    for (std::size_t i = 0; i < count; ++i) {
      const row16 s = load16(smallest + i * tile);
      const row16 l = load16(largest + i * tile);
      store16(smallest + i * tile, lower(s, up));
      store16(largest + i * tile, upper(l, down));
      up = upper(s, up);
      down = lower(l, down);
    }
  }
  std::fill_n(low, tile, 0.0);
  std::fill_n(high, tile, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    add_to(low, load16(smallest + i * tile));
    add_to(high, load16(largest + i * tile));
  }
}
