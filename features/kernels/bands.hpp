// SPDX-License-Identifier: GPL-3.0-or-later
// Bands of a spectrum and what is made of them, for 16 frames at once.

void mel(std::span<const mel_filter> filters, const float* power, float* out, std::size_t stride) {
  for (const mel_filter& filter : filters) {
    row16 sum = all16(0);
    const float* p = power + filter.first * tile;
    for (const float weight : filter.weights) {
      sum = sum + weight * load16(p);
      p += tile;
    }
    store16(out, sum);
    out += stride;
  }
}

void decibels(const float* x, std::size_t rows, std::size_t stride, float* out) {
  constexpr float factor = 3.01029996f; // 10 log10(2)
  for (std::size_t b = 0; b < rows; ++b)
    for (std::size_t l = 0; l < tile; l += lane_count)
      store(out + b * stride + l, factor * log_2(upper(load(x + b * stride + l), all(1e-10f))));
}

void limit_range(float* x, std::size_t n, float range) {
  row16 top = load16(x);
  for (std::size_t i = 0; i < n; i += tile)
    top = upper(load16(x + i), top);
  alignas(64) float tops[tile];
  store16(tops, top);
  const row16 floor = all16(*std::max_element(tops, tops + tile) - range);
  for (std::size_t i = 0; i < n; i += tile)
    store16(x + i, upper(load16(x + i), floor));
}

void combine(std::span<const float> weights, const float* x, std::size_t stride, float* out) {
  double total[tile] = {};
  for (std::size_t from = 0; from < weights.size(); from += part_rows) {
    row16 sum = all16(0);
    for (std::size_t b = from; b < std::min(weights.size(), from + part_rows); ++b)
      sum = sum + weights[b] * load16(x + b * stride);
    add_to(total, sum);
  }
  for (std::size_t l = 0; l < tile; ++l)
    out[l] = static_cast<float>(total[l]);
}

void chroma(const float* power, std::size_t rows, const float* bank, float* out, std::size_t stride) {
  // 6 classes x 2 vectors of frames fill 16 registers. Parts of 64 bins keep the rounding error small.
  constexpr std::size_t classes = 12;
  constexpr std::size_t at_once = 6;
  constexpr std::size_t vectors = groups < 2 ? groups : 2;
  constexpr std::size_t part = 64;
  for (std::size_t c = 0; c < classes; ++c)
    store16(out + c * stride, all16(0));
  for (std::size_t from = 0; from < rows; from += part)
    for (std::size_t t = 0; t < tile; t += vectors * lane_count)
      for (std::size_t c0 = 0; c0 < classes; c0 += at_once) {
        lanes sum[at_once][vectors] = {};
        for (std::size_t k = from; k < std::min(from + part, rows); ++k) {
          lanes p[vectors];
          for (std::size_t v = 0; v < vectors; ++v)
            p[v] = load(power + k * tile + t + v * lane_count);
          const float* weights = bank + k * classes + c0;
#pragma GCC unroll 6
          for (std::size_t c = 0; c < at_once; ++c)
#pragma GCC unroll 2
            for (std::size_t v = 0; v < vectors; ++v)
              sum[c][v] += weights[c] * p[v];
        }
        for (std::size_t c = 0; c < at_once; ++c)
          for (std::size_t v = 0; v < vectors; ++v) {
            float* to = out + (c0 + c) * stride + t + v * lane_count;
            store(to, load(to) + sum[c][v]);
          }
      }
}

inline row16 rise(const float* x) { return upper(load16(x + 1) - load16(x), all16(0)); }

void mean_rise(const float* x, std::size_t rows, std::size_t stride, float* out) {
  row16 sum = all16(0);
  for (std::size_t b = 0; b < rows; ++b)
    sum = sum + rise(x + b * stride);
  const float count = static_cast<float>(rows);
  store16(out, each([&](std::size_t g) { return sum.part[g] / count; }));
}

/// A value with `most_above` of the rows above it, or the smallest with fewer: bisection on the bits of floats, which
/// order numbers that are not negative as they order integers. Often all of them are 0.
inline int_lanes separating(const int_lanes* bits, std::size_t rows, std::int32_t most_above) {
  int_lanes low = {};
  int_lanes high = low + 0x7f800000;
  int_lanes middle = {};
  for (;;) {
    int_lanes above = {};
    for (std::size_t b = 0; b < rows; ++b)
      above -= bits[b * groups] > middle;
    const int_lanes enough = above <= most_above;
    high = enough ? middle : high;
    low = enough ? low : middle + 1;
    const int_lanes open = (low < high) & (above != most_above);
    std::int32_t some = 0;
    for (std::size_t l = 0; l < lane_count; ++l)
      some |= open[l];
    if (some == 0)
      return high;
    middle = low + ((high - low) >> 1);
  }
}

void median_rise(const float* x, std::size_t rows, std::size_t stride, float* out) {
  constexpr std::size_t most = 128;
  int_lanes bits[most * groups];
  for (std::size_t b = 0; b < rows; ++b) {
    const row16 r = rise(x + b * stride);
    for (std::size_t g = 0; g < groups; ++g)
      bits[b * groups + g] = (int_lanes)r.part[g];
  }
  const auto half = static_cast<std::int32_t>(rows / 2);
  for (std::size_t g = 0; g < groups; ++g) {
    // The middle one is the largest of those up to here; the next in order is equal, or the smallest of the others.
    const int_lanes border = separating(bits + g, rows, half);
    lanes median = all(0);
    lanes next = all(std::numeric_limits<float>::infinity());
    int_lanes above = {};
    for (std::size_t b = 0; b < rows; ++b) {
      const lanes value = (lanes)bits[b * groups + g];
      const int_lanes larger = bits[b * groups + g] > border;
      above -= larger;
      median = larger ? median : upper(value, median);
      next = larger ? lower(value, next) : next;
    }
    const lanes other = rows % 2 == 1 ? median : above < half ? median : next;
    store(out + g * lane_count, (median + other) * 0.5f);
  }
}

std::size_t local_peaks(const float* power, std::size_t first, std::size_t last, const float* gate,
                        std::uint32_t* out) {
  std::size_t count = 0;
  const row16 limit = load16(gate);
  for (std::size_t k = first; k < last; ++k) {
    const row16 x = load16(power + k * tile);
    const row16 below = load16(power + (k - 1) * tile);
    const row16 above = load16(power + (k + 1) * tile);
    int_lanes found[groups];
    int_lanes any = {};
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups; ++g) {
      found[g] = (x.part[g] > limit.part[g]) & (x.part[g] > below.part[g]) & (x.part[g] >= above.part[g]);
      any |= found[g];
    }
    std::int32_t some = 0;
    for (std::size_t l = 0; l < lane_count; ++l)
      some |= any[l];
    if (some == 0)
      continue;
    alignas(64) std::int32_t marks[tile];
    for (std::size_t g = 0; g < groups; ++g)
      store(marks + g * lane_count, found[g]);
    for (std::size_t l = 0; l < tile; ++l) {
      out[count] = static_cast<std::uint32_t>(k * tile + l);
      count += marks[l] != 0;
    }
  }
  return count;
}
