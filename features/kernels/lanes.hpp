// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels' vectors. Like all files of this folder, included by features/kernels_*.cpp inside a namespace that
// has `lane_count`, for the instruction set that it compiles for.

/// Floats that are treated alike: a vector type of GCC and Clang, on any machine.
using lanes [[gnu::vector_size(lane_count * sizeof(float))]] = float;
using int_lanes [[gnu::vector_size(lane_count * sizeof(float))]] = std::int32_t;

inline constexpr std::size_t groups = tile / lane_count; ///< vectors in a row of 16

inline lanes load(const float* p) {
  lanes v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store(float* p, lanes v) { std::memcpy(p, &v, sizeof v); }
inline void store(std::int32_t* p, int_lanes v) { std::memcpy(p, &v, sizeof v); }

inline lanes lower(lanes a, lanes b) { return a < b ? a : b; }
inline lanes upper(lanes a, lanes b) { return a > b ? a : b; }
inline lanes all(float x) { return x - lanes{}; }
inline lanes magnitude_of(lanes x) { return (lanes)((int_lanes)x & 0x7fffffff); }

/// A row of 16: vectors side by side, whose sums do not wait for each other.
struct row16 {
  lanes part[groups];
};

template <class Each>
inline row16 each(Each f) {
  row16 r;
#pragma GCC unroll 4
  for (std::size_t g = 0; g < groups; ++g)
    r.part[g] = f(g);
  return r;
}

inline row16 load16(const float* p) {
  return each([&](std::size_t g) { return load(p + g * lane_count); });
}

inline void store16(float* p, const row16& r) {
#pragma GCC unroll 4
  for (std::size_t g = 0; g < groups; ++g)
    store(p + g * lane_count, r.part[g]);
}

inline row16 all16(float x) {
  return each([&](std::size_t) { return all(x); });
}

inline row16 operator+(const row16& a, const row16& b) {
  return each([&](std::size_t g) { return a.part[g] + b.part[g]; });
}
inline row16 operator-(const row16& a, const row16& b) {
  return each([&](std::size_t g) { return a.part[g] - b.part[g]; });
}
inline row16 operator*(const row16& a, const row16& b) {
  return each([&](std::size_t g) { return a.part[g] * b.part[g]; });
}
inline row16 operator*(float a, const row16& b) {
  return each([&](std::size_t g) { return a * b.part[g]; });
}
inline row16 lower(const row16& a, const row16& b) {
  return each([&](std::size_t g) { return lower(a.part[g], b.part[g]); });
}
inline row16 upper(const row16& a, const row16& b) {
  return each([&](std::size_t g) { return upper(a.part[g], b.part[g]); });
}

/// total += part, in double precision.
inline void add_to(double* total, const row16& part) {
  alignas(64) float values[tile];
  store16(values, part);
  for (std::size_t l = 0; l < tile; ++l)
    total[l] += static_cast<double>(values[l]);
}

/// Rows whose sum is taken in single precision, which vectors do best; the sums of
/// such parts are added in double precision, which keeps the error of 1000 rows near that of 32.
inline constexpr std::size_t part_rows = 32;

/// Logarithm to base 2 of positive, normal numbers, within 2 units in the last place of the result or
/// 1.2e-7: the exponent, and a polynomial of degree 9 for the mantissa in [sqrt(1/2), sqrt(2)) (Cephes' logf).
inline lanes log_2(lanes x) {
  const int_lanes bits = (int_lanes)x;
  lanes m = (lanes)((bits & 0x7fffff) | 0x3f800000);
  const int_lanes above = m > all(1.41421356f); // all bits set: -1
  m = above ? m * 0.5f : m;
  const lanes exponent = __builtin_convertvector((bits >> 23) - 127 - above, lanes);
  const lanes f = m - 1.0f;
  constexpr float c[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,  -1.2420140846e-1f, 1.4249322787e-1f,
                         -1.6668057665e-1f, 2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
  lanes p = all(c[0]);
#pragma GCC unroll 8
  for (std::size_t i = 1; i < 9; ++i)
    p = p * f + c[i];
  const lanes square = f * f;
  const lanes rest = p * f * square - 0.5f * square; // log(1 + f) - f
  return 1.44269504f * (f + rest) + exponent;
}
