// SPDX-License-Identifier: GPL-3.0-or-later
// Transforms of 16 real frames side by side. A frame of n samples is taken as n/2 complex numbers x[2i] + i x[2i + 1];
// their transform Z (radix 4, decimation in frequency, in place) holds that of the frame:
//   X[k] = (Z[k] + Z*[n/2 - k]) / 2 - i (Z[k] - Z*[n/2 - k]) / 2 exp(-2 pi i k / n).
// Decimation leaves output k at plan.places[k]; nothing is put in order, the last step reads it there.
//
// In double precision: librosa's transforms are, and what a strong bin's rounding in single precision leaves in weak
// ones shows in contrasts, onsets and the bandwidths of tones. What goes in and out is single.

/// Half as many lanes, of twice the size.
inline constexpr std::size_t double_count = lane_count / 2;
using double_lanes [[gnu::vector_size(double_count * sizeof(double))]] = double;
using half_lanes [[gnu::vector_size(double_count * sizeof(float))]] = float;

inline double_lanes load_double(const double* p) {
  double_lanes v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline double_lanes load_double(const float* p) {
  half_lanes v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, double_lanes);
}
inline void store(double* p, double_lanes v) { std::memcpy(p, &v, sizeof v); }
inline void store(float* p, double_lanes v) {
  const half_lanes single = __builtin_convertvector(v, half_lanes);
  std::memcpy(p, &single, sizeof single);
}

struct complex_lanes {
  double_lanes re;
  double_lanes im;
};

inline complex_lanes operator+(complex_lanes a, complex_lanes b) { return {a.re + b.re, a.im + b.im}; }
inline complex_lanes operator-(complex_lanes a, complex_lanes b) { return {a.re - b.re, a.im - b.im}; }
inline complex_lanes times(complex_lanes a, const double* w) {
  return {a.re * w[0] - a.im * w[1], a.im * w[0] + a.re * w[1]};
}

/// From a complex number of the work space to the next.
inline constexpr std::size_t apart = 2 * double_count;

inline complex_lanes load_complex(const double* p) { return {load_double(p), load_double(p + double_count)}; }
inline void store_complex(double* p, complex_lanes x) {
  store(p, x.re);
  store(p + double_count, x.im);
}

struct quad {
  complex_lanes y[4];
};

/// Transform of 4 numbers: y[q] = sum_m x[m] (-i)^(q m).
inline quad of_four(complex_lanes a, complex_lanes b, complex_lanes c, complex_lanes d) {
  const complex_lanes even = a + c;
  const complex_lanes odd = a - c;
  const complex_lanes sum = b + d;
  const complex_lanes difference = b - d;
  return {{even + sum,
           {odd.re + difference.im, odd.im - difference.re},
           even - sum,
           {odd.re - difference.im, odd.im + difference.re}}};
}

/// Puts four numbers a quarter of a block from each other, all but the first turned by their twiddles.
inline void store_turned(double* z, std::size_t quarter, const quad& x, const double* w) {
  store_complex(z, x.y[0]);
  store_complex(z + quarter * apart, times(x.y[1], w));
  store_complex(z + 2 * quarter * apart, times(x.y[2], w + 2));
  store_complex(z + 3 * quarter * apart, times(x.y[3], w + 4));
}

/// One pass over `count` numbers in blocks of `length`.
inline void pass(double* z, std::size_t count, std::size_t length, const double* w) {
  const std::size_t quarter = length / 4;
  for (std::size_t j = 0; j < quarter; ++j, w += 6)
    for (double* p = z + j * apart; p < z + count * apart; p += length * apart)
      store_turned(p, quarter,
                   of_four(load_complex(p), load_complex(p + quarter * apart), load_complex(p + 2 * quarter * apart),
                           load_complex(p + 3 * quarter * apart)),
                   w);
}

/// The last pass, in blocks of 4 or 2, which nothing turns.
inline void last_pass(double* z, std::size_t count, std::size_t length) {
  if (length == 2) {
    for (double* p = z; p < z + count * apart; p += 2 * apart) {
      const complex_lanes a = load_complex(p);
      const complex_lanes b = load_complex(p + apart);
      store_complex(p, a + b);
      store_complex(p + apart, a - b);
    }
    return;
  }
  for (double* p = z; p < z + count * apart; p += 4 * apart) {
    const quad x =
        of_four(load_complex(p), load_complex(p + apart), load_complex(p + 2 * apart), load_complex(p + 3 * apart));
#pragma GCC unroll 4
    for (std::size_t q = 0; q < 4; ++q)
      store_complex(p + q * apart, x.y[q]);
  }
}

/// All passes but the first, whose output is in blocks of `length`: on everything while blocks exceed the first-level
/// cache, then to the end block by block.
inline void other_passes(double* z, std::size_t count, std::size_t length, const double* w) {
  constexpr std::size_t in_cache = 256;
  for (; length > in_cache; w += length / 4 * 6, length /= 4)
    pass(z, count, length, w);
  const std::size_t block = length;
  for (double* p = z; p < z + count * apart; p += block * apart) {
    const double* turns = w;
    for (length = block; length > 4; turns += length / 4 * 6, length /= 4)
      pass(p, block, length, turns);
    last_pass(p, block, length);
  }
}

/// The first pass reads the frames and applies the window.
inline void transform_frames(const batch_plan& plan, const float* signal, const std::uint32_t* offsets, double* z) {
  const std::size_t half = plan.n / 2;
  const std::size_t quarter = half / 4;
  const double* window = plan.half_window.data();
  const auto sample = [&](std::size_t j) { return window[j] * load_double(signal + offsets[j]); };
  const auto number = [&](std::size_t i) { return complex_lanes{sample(2 * i), sample(2 * i + 1)}; };
  const double* w = plan.twiddles.data();
  for (std::size_t j = 0; j < quarter; ++j, w += 6)
    store_turned(z + j * apart, quarter,
                 of_four(number(j), number(j + quarter), number(j + 2 * quarter), number(j + 3 * quarter)), w);
  other_passes(z, half, quarter, w);
}

/// Calls take(k, X[k]) for k = 0 .. n/2. The halves of the formula are in the window.
template <class Take>
inline void split(const batch_plan& plan, const double* z, Take take) {
  const std::size_t half = plan.n / 2;
  const auto at = [&](std::size_t k) { return load_complex(z + plan.places[k] * apart); };
  const complex_lanes zero = at(0);
  const complex_lanes middle = at(half / 2);
  const double_lanes none{};
  take(std::size_t{0}, complex_lanes{(zero.re + zero.im) * 2.0, none});
  take(half, complex_lanes{(zero.re - zero.im) * 2.0, none});
  take(half / 2, complex_lanes{middle.re * 2.0, middle.im * -2.0});
  for (std::size_t k = 1; k < half / 2; ++k) {
    const complex_lanes a = at(k);
    const complex_lanes b = at(half - k);
    const complex_lanes even{a.re + b.re, a.im - b.im};
    const complex_lanes odd = times({a.im + b.im, b.re - a.re}, plan.split.data() + 2 * k);
    take(k, even + odd);
    take(half - k, complex_lanes{even.re - odd.re, odd.im - even.im});
  }
}

void power(const batch_plan& plan, const float* signal, const std::uint32_t* offsets, std::size_t frames, double* work,
           float* out, float* low) {
  for (std::size_t first = 0; first < tile; first += double_count) {
    if (first >= frames) {
      for (std::size_t k = 0; k <= plan.n / 2; ++k)
        store(out + k * tile + first, double_lanes{});
      continue;
    }
    transform_frames(plan, signal + first, offsets, work);
    split(plan, work, [&](std::size_t k, complex_lanes x) {
      store(out + k * tile + first, x.re * x.re + x.im * x.im);
      if (k < 2)
        store(low + k * tile + first, x.re);
    });
  }
  for (std::size_t k = 0; frames < tile && k <= plan.n / 2; ++k)
    std::fill(out + k * tile + frames, out + (k + 1) * tile, 0.0f);
}

void bins(const batch_plan& plan, const float* signal, const std::uint32_t* offsets, std::size_t frames, double* work,
          float* out) {
  for (std::size_t first = 0; first < tile; first += double_count) {
    if (first >= frames) {
      for (std::size_t row = 0; row < plan.n + 2; ++row)
        store(out + row * tile + first, double_lanes{});
      continue;
    }
    transform_frames(plan, signal + first, offsets, work);
    split(plan, work, [&](std::size_t k, complex_lanes x) {
      store(out + 2 * k * tile + first, x.re);
      store(out + (2 * k + 1) * tile + first, x.im);
    });
  }
}

/// The inverse is the transform with real and imaginary parts exchanged before and after.
void samples(const batch_plan& plan, const float* x, double* work, float* out) {
  const std::size_t half = plan.n / 2;
  const std::size_t quarter = half / 4;
  const double scale = 2.0 / static_cast<double>(plan.n); // the window has a half
  for (std::size_t first = 0; first < tile; first += double_count) {
    const auto at = [&](std::size_t k) {
      return complex_lanes{load_double(x + 2 * k * tile + first), load_double(x + (2 * k + 1) * tile + first)};
    };
    const auto put = [&](std::size_t i, complex_lanes v) { store_complex(work + i * apart, {v.im, v.re}); };
    const double_lanes first_bin = at(0).re;
    const double_lanes last_bin = at(half).re;
    const complex_lanes middle = at(half / 2);
    put(0, {first_bin + last_bin, first_bin - last_bin});
    put(half / 2, {middle.re * 2.0, middle.im * -2.0});
    for (std::size_t k = 1; k < half / 2; ++k) {
      const complex_lanes a = at(k);
      const complex_lanes b = at(half - k);
      const complex_lanes even{a.re + b.re, a.im - b.im};
      const double back[2] = {plan.split[2 * k], -plan.split[2 * k + 1]};
      const complex_lanes odd = times({a.re - b.re, a.im + b.im}, back);
      put(k, {even.re - odd.im, even.im + odd.re});
      put(half - k, {even.re + odd.im, odd.re - even.im});
    }
    pass(work, half, half, plan.twiddles.data());
    other_passes(work, half, quarter, plan.twiddles.data() + 6 * quarter);
    const double* window = plan.half_window.data();
    for (std::size_t i = 0; i < half; ++i) {
      const complex_lanes v = load_complex(work + plan.places[i] * apart);
      store(out + 2 * i * tile + first, v.im * (window[2 * i] * scale));
      store(out + (2 * i + 1) * tile + first, v.re * (window[2 * i + 1] * scale));
    }
  }
}

/// Of the numbers in a and then b, those at these places.
[[gnu::always_inline]] inline lanes shuffled(const lanes& a, const lanes& b, const int_lanes& places) {
#ifdef __clang__ // for the fuzzers; it shuffles by constants only
  lanes result;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const auto place = static_cast<std::size_t>(places[i]);
    result[i] = place < lane_count ? a[place] : b[place - lane_count];
  }
  return result;
#else
  return __builtin_shuffle(a, b, places);
#endif
}

/// Exchanges rows and columns of a block of lane_count x lane_count: after each step, what is at place i of two rows
/// half the block away from each other lies at places 2 i and 2 i + 1 of neighbouring rows.
inline void turn(lanes* rows) {
  int_lanes low;
  int_lanes high;
  for (std::size_t i = 0; i < lane_count; ++i) {
    low[i] = static_cast<std::int32_t>(i / 2 + i % 2 * lane_count);
    high[i] = low[i] + static_cast<std::int32_t>(lane_count / 2);
  }
#pragma GCC unroll 4
  for (std::size_t done = 1; done < lane_count; done *= 2) {
    lanes next[lane_count];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lane_count / 2; ++i) {
      next[2 * i] = shuffled(rows[i], rows[i + lane_count / 2], low);
      next[2 * i + 1] = shuffled(rows[i], rows[i + lane_count / 2], high);
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lane_count; ++i)
      rows[i] = next[i];
  }
}

void interleave(const float* const* columns, std::size_t count, std::size_t n, float* out, std::size_t stride) {
  std::size_t c = 0;
  for (; c + lane_count <= count; c += lane_count) {
    std::size_t i = 0;
    for (; i + lane_count <= n; i += lane_count) {
      lanes block[lane_count];
      for (std::size_t l = 0; l < lane_count; ++l)
        block[l] = load(columns[c + l] + i);
      turn(block);
      for (std::size_t l = 0; l < lane_count; ++l)
        store(out + (i + l) * stride + c, block[l]);
    }
    for (; i < n; ++i)
      for (std::size_t l = 0; l < lane_count; ++l)
        out[i * stride + c + l] = columns[c + l][i];
  }
  for (; c < count; ++c)
    for (std::size_t i = 0; i < n; ++i)
      out[i * stride + c] = columns[c][i];
}
