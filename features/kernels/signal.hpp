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

double sum(const float* y, std::size_t n) {
  double parts[tile] = {};
  std::size_t i = 0;
  for (; i + tile <= n; i += tile)
    for (std::size_t l = 0; l < tile; ++l)
      parts[l] += static_cast<double>(y[i + l]);
  for (std::size_t l = 0; i < n; ++i, ++l)
    parts[l] += static_cast<double>(y[i]);
  double total = 0;
  for (const double part : parts)
    total += part;
  return total;
}
