// SPDX-License-Identifier: GPL-3.0-or-later
// Passes over samples.

std::size_t sign_changes(const float* y, std::size_t n) {
  std::size_t count = 0;
  // Counting in 32 bits lets a vector hold more counters; 2^24 samples cannot overflow it.
  constexpr std::size_t part = std::size_t{1} << 24;
  for (std::size_t from = 0; from < n; from += part) {
    unsigned changes = 0;
    const float* before = y - 1;
    for (std::size_t i = from; i < std::min(n, from + part); ++i)
      changes += (before[i] < -1e-10f) != (y[i] < -1e-10f);
    count += changes;
  }
  return count;
}

std::size_t beyond(const float* y, std::size_t n, float most) {
  std::size_t within = 0;
  constexpr std::size_t part = std::size_t{1} << 24;
  for (std::size_t from = 0; from < n; from += part) {
    unsigned good = 0;
    for (std::size_t i = from; i < std::min(n, from + part); ++i)
      good += std::abs(y[i]) <= most;
    within += good;
  }
  return n - within;
}

/// Parts that do not wait for each other, added up in order.
template <std::size_t count>
inline double total_of(const double (&parts)[count]) {
  double total = 0;
  for (const double part : parts)
    total += part;
  return total;
}

/// Sum of term(i) for i < n.
template <std::size_t count, class Term>
inline double sum_of(std::size_t n, Term term) {
  double parts[count] = {};
  std::size_t i = 0;
  for (; i + count <= n; i += count)
    for (std::size_t l = 0; l < count; ++l)
      parts[l] += term(i + l);
  for (std::size_t l = 0; i < n; ++i, ++l)
    parts[l] += term(i);
  return total_of(parts);
}

double sum(const float* y, std::size_t n) {
  return sum_of<tile>(n, [y](std::size_t i) { return static_cast<double>(y[i]); });
}

double sum_of_squares(const float* y, std::size_t n, double centre) {
  return sum_of<tile>(n, [y, centre](std::size_t i) {
    const double d = static_cast<double>(y[i]) - centre;
    return d * d;
  });
}

double dot(const double* x, const double* y, std::size_t n) {
  return sum_of<8>(n, [x, y](std::size_t i) { return x[i] * y[i]; });
}

void weighted_dots(const double* x, const double* y, const double* weights, std::size_t stride, std::size_t n,
                   double* out) {
  constexpr std::size_t at_once = 8;
  constexpr std::size_t rows = 5;
  double parts[rows][at_once] = {};
  const auto add = [&](std::size_t i, std::size_t l) {
    const double product = x[i + l] * y[i + l];
    for (std::size_t r = 0; r < rows; ++r)
      parts[r][l] += product * weights[r * stride + i + l];
  };
  std::size_t i = 0;
  for (; i + at_once <= n; i += at_once)
    for (std::size_t l = 0; l < at_once; ++l)
      add(i, l);
  for (std::size_t l = 0; i + l < n; ++l)
    add(i, l);
  for (std::size_t r = 0; r < rows; ++r)
    out[r] = total_of(parts[r]);
}
