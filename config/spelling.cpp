// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/spelling.hpp"

#include <algorithm>
#include <numeric>

namespace fugato {
namespace {

/// Levenshtein distance, one row at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

std::string list(const std::vector<std::string_view>& names) {
  constexpr std::size_t most = 12;
  std::string result;
  for (std::size_t i = 0; i < names.size() && i < most; ++i)
    result += (i == 0 ? "" : ", ") + std::string(names[i]);
  return names.size() > most ? result + ", ..." : result;
}

} // namespace

std::string hint(std::string_view wrong, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t smallest = std::string_view::npos;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance < smallest && distance <= std::max<std::size_t>(2, candidate.size() / 3)) {
      smallest = distance;
      best = candidate;
    }
  }
  if (!best.empty())
    return "; did you mean '" + std::string(best) + "'?";
  return candidates.empty() ? "" : "; known: " + list(candidates);
}

} // namespace fugato
