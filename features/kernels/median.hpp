// SPDX-License-Identifier: GPL-3.0-or-later
// Running medians of 31 and the masks made of them.
//
// Sixteen windows of 31 overlap in 16 values. These are sorted once; then eight windows and eight, four and four,
// two and two share what they have in common besides, and each takes its last value alone. At each level only the
// values that can still be a median are kept: with m values to come, the middle m + 1. Everything is
// minima and maxima, so four lanes go side by side and no branch depends on the data.
template <std::size_t n>
using sorted = std::array<lanes, n>;

void order(lanes& a, lanes& b) {
  const lanes low = lower(a, b);
  b = upper(a, b);
  a = low;
}

/// Sorts values that rise and then fall, or fall and then rise.
template <std::size_t n>
void sort_bitonic(sorted<n>& v) {
#pragma GCC unroll 4
  for (std::size_t step = n / 2; step > 0; step /= 2)
#pragma GCC unroll 16
    for (std::size_t i = 0; i < n; ++i)
      if ((i & step) == 0)
        order(v[i], v[i + step]);
}

template <std::size_t n>
sorted<2 * n> merge(const sorted<n>& a, const sorted<n>& b) {
  sorted<2 * n> v;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i) {
    v[i] = lower(a[i], b[n - 1 - i]);
    v[n + i] = upper(a[i], b[n - 1 - i]);
  }
  sorted<n> low;
  sorted<n> high;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i) {
    low[i] = v[i];
    high[i] = v[n + i];
  }
  sort_bitonic(low);
  sort_bitonic(high);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i) {
    v[i] = low[i];
    v[n + i] = high[i];
  }
  return v;
}

/// The middle n of 3 n values, of which the middle ones so far and new ones are given.
template <std::size_t n>
sorted<n> middle(const sorted<2 * n>& known, const sorted<n>& added) {
  sorted<n> v;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i)
    v[i] = upper(known[i], added[n - 1 - i]); // drops the lowest n
  sort_bitonic(v);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i)
    v[i] = lower(v[i], known[2 * n - 1 - i]); // and the highest n
  sort_bitonic(v);
  return v;
}

sorted<2> sort2(const lanes* x) { return {lower(x[0], x[1]), upper(x[0], x[1])}; }
sorted<4> sort4(const lanes* x) { return merge(sort2(x), sort2(x + 2)); }
sorted<8> sort8(const lanes* x) { return merge(sort4(x), sort4(x + 4)); }

/// Of the two windows from x[0] and x[1], `known` are the middle two of x[1 .. 30].
void two_medians(const sorted<2>& known, const lanes* x, lanes* out) {
  out[0] = lower(upper(known[0], x[0]), known[1]);
  out[1] = lower(upper(known[0], x[31]), known[1]);
}

/// Of four windows, `known` are the middle four of x[3 .. 30], which all contain.
void four_medians(const sorted<4>& known, const lanes* x, lanes* out) {
  two_medians(middle<2>(known, sort2(x + 1)), x, out);
  two_medians(middle<2>(known, sort2(x + 31)), x + 2, out + 2);
}

/// Of eight windows, `known` are the middle eight of x[7 .. 30], which all contain.
void eight_medians(const sorted<8>& known, const lanes* x, lanes* out) {
  four_medians(middle<4>(known, sort4(x + 3)), x, out);
  four_medians(middle<4>(known, sort4(x + 31)), x + 4, out + 4);
}

/// Of sixteen windows: all contain x[15 .. 30].
void sixteen_medians(const lanes* x, lanes* out) {
  const sorted<16> known = merge(sort8(x + 15), sort8(x + 23));
  eight_medians(middle<8>(known, sort8(x + 7)), x, out);
  eight_medians(middle<8>(known, sort8(x + 31)), x + 8, out + 8);
}

/// All sixteen outputs, or the first `outputs` of them where those are at most four: the end of a range.
inline void some_medians(const lanes* x, std::size_t outputs, lanes* out) {
  if (outputs > 4)
    return sixteen_medians(x, out);
  const sorted<16> known = merge(sort8(x + 15), sort8(x + 23));
  four_medians(middle<4>(middle<8>(known, sort8(x + 7)), sort4(x + 3)), x, out);
}

void running_median(const float* const* x, std::size_t outputs, float* out) {
  constexpr std::size_t block = 16;
  for (std::size_t i = 0; i < outputs; i += block)
    for (std::size_t first = 0; first < tile; first += lane_count) {
      lanes window[block + 30];
      lanes medians[block];
      for (std::size_t j = 0; j < block + 30; ++j)
        window[j] = load(x[i + j] + first);
      some_medians(window, outputs - i, medians);
      for (std::size_t j = 0; j < std::min(block, outputs - i); ++j)
        store(out + (i + j) * tile + first, medians[j]);
    }
}

void soft_mask(const float* h, const float* p, std::size_t n, float* out) {
  for (std::size_t i = 0; i < n; i += lane_count) {
    const lanes a = load(h + i);
    const lanes sum = a + load(p + i);
    store(out + i, sum > 0.0f ? a / sum : all(0.5f));
  }
}

void scale_bins(const float* mask, std::size_t rows, float* bins) {
  for (std::size_t k = 0; k < rows; ++k) {
    const row16 m = load16(mask + k * tile);
    store16(bins + 2 * k * tile, m * load16(bins + 2 * k * tile));
    store16(bins + (2 * k + 1) * tile, m * load16(bins + (2 * k + 1) * tile));
  }
}

void overlap_add(const float* frames, std::size_t n, std::size_t hop, float* to, std::size_t stride) {
  // From the last hop of a frame to the first: so a sample's terms are added in the order of frames.
  for (std::size_t hops = (n - 1) / hop + 1; hops-- > 0;)
    for (std::size_t j = hops * hop; j < std::min((hops + 1) * hop, n); ++j) {
      float* sums = to + (j - hops * hop) * stride + hops;
      store16(sums, load16(sums) + load16(frames + j * tile));
    }
}

void part_samples(const float* y, const float* added, const float* weights, std::size_t n, float* harmonic,
                  float* percussive) {
  constexpr float tiny = std::numeric_limits<float>::min();
  for (std::size_t i = 0; i < n; ++i) {
    const bool covered = weights[i] > tiny;
    const float part = added[i] / (covered ? weights[i] : 1);
    harmonic[i] = covered ? part : 0;
    percussive[i] = covered ? y[i] - part : 0;
  }
}
