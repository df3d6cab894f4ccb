// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_profile.hpp"

#include "models/correlation.hpp"
#include "models/pca.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

namespace fugato {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_points = 5000;

/// The value at a share of the way through sorted values, between two of them where it must.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  const double upper = sorted[std::min(below + 1, sorted.size() - 1)];
  return sorted[below] + part * (upper - sorted[below]);
}

std::vector<double> finite_values(const any_column& x) {
  std::vector<double> result;
  std::ranges::copy_if(x.values, std::back_inserter(result), [](double v) { return std::isfinite(v); });
  return result;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double squares_around(const std::vector<double>& x, double mean) {
  double result = 0;
  for (const double v : x)
    result += (v - mean) * (v - mean);
  return result;
}

/// Each class's spread, and what share of the variance lies between them.
void add_classes(const any_table& table, const any_column& column, double all_squares, column_profile& x) {
  std::vector<std::vector<double>> parts(table.label_names.size());
  for (std::size_t i = 0; i < table.labels.size(); ++i)
    if (std::isfinite(column.values[i]))
      parts[table.labels[i]].push_back(column.values[i]);
  double between = 0;
  for (std::size_t c = 0; c < parts.size(); ++c) {
    if (!parts[c].empty()) {
      const double offset = mean_of(parts[c]) - x.mean;
      between += static_cast<double>(parts[c].size()) * offset * offset;
    }
    x.classes.push_back({table.label_names[c], five_numbers_of(parts[c])});
  }
  x.between_classes = all_squares > 0 ? std::min(1.0, between / all_squares) : 0;
}

column_profile profile_of_column(const any_table& table, const any_column& column) {
  column_profile x;
  x.name = column.name;
  x.dtype = column.dtype();
  x.count = column.finite();
  x.nulls = column.nulls;
  x.nans = column.nans;
  x.infinities = column.infinities;
  x.texts = column.texts;
  std::vector<double> values = finite_values(column);
  x.mean = values.empty() ? none : mean_of(values);
  const double squares = values.empty() ? 0 : squares_around(values, x.mean);
  x.std = values.size() < 2 ? none : std::sqrt(squares / static_cast<double>(values.size() - 1));
  x.spread = five_numbers_of(values);
  for (std::size_t i = 0; i < values.size(); ++i) // sorted by now
    x.distinct += i == 0 || values[i] != values[i - 1];
  x.constant = x.distinct == 1;
  add_classes(table, column, squares, x);
  return x;
}

void count_classes(const any_table& table, table_profile& x) {
  std::vector<std::set<std::uint32_t>> tracks(table.label_names.size());
  std::vector<std::set<std::uint32_t>> labels(table.track_names.size());
  for (const std::string& label : table.label_names)
    x.classes.push_back({label, 0, 0, 0});
  for (std::size_t i = 0; i < table.labels.size(); ++i) {
    ++x.classes[table.labels[i]].rows;
    if (!table.tracks.empty()) {
      tracks[table.labels[i]].insert(table.tracks[i]);
      labels[table.tracks[i]].insert(table.labels[i]);
    }
  }
  for (std::size_t c = 0; c < x.classes.size(); ++c) {
    x.classes[c].tracks = tracks[c].size();
    x.classes[c].share = static_cast<double>(x.classes[c].rows) / static_cast<double>(table.rows);
  }
  for (std::size_t t = 0; t < labels.size(); ++t)
    if (labels[t].size() > 1)
      x.torn_tracks.push_back(table.track_names[t]);
}

/// A value's bits, all gaps being one and the same.
std::uint64_t key_of(double x) { return std::isnan(x) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(x + 0.0); }

std::uint64_t mixed(std::uint64_t hash, std::uint64_t key) {
  hash ^= key + 0x9e3779b97f4a7c15u + (hash << 6u) + (hash >> 2u);
  return hash * 0xff51afd7ed558ccdu;
}

/// Columns that hold text have but their gaps here, and are compared as such no more than rows are.
void find_equal_columns(const any_table& table, table_profile& x) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> seen;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const any_column& column = table.columns[c];
    if (column.finite() == 0)
      continue;
    std::uint64_t hash = 0;
    for (const double v : column.values)
      hash = mixed(hash, key_of(v));
    const auto same = [&](std::size_t other) {
      return std::ranges::equal(table.columns[other].values, column.values, {}, key_of, key_of);
    };
    auto& others = seen[hash];
    if (const auto it = std::ranges::find_if(others, same); it != others.end())
      x.equal.push_back({column.name, table.columns[*it].name});
    else
      others.push_back(c);
  }
}

void find_equal_rows(const any_table& table, table_profile& x) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> seen;
  for (std::size_t i = 0; i < table.rows; ++i) {
    std::uint64_t hash = 0;
    for (const any_column& column : table.columns)
      hash = mixed(hash, key_of(column.values[i]));
    const auto same = [&](std::size_t other) {
      return std::ranges::all_of(table.columns, [&](const any_column& column) {
        return key_of(column.values[other]) == key_of(column.values[i]);
      });
    };
    auto& others = seen[hash];
    const auto it = std::ranges::find_if(others, same);
    if (it == others.end()) {
      others.push_back(i);
      continue;
    }
    ++x.equal_rows;
    x.equal_other_label += !table.labels.empty() && table.labels[*it] != table.labels[i];
  }
}

void correlate(const any_table& table, table_profile& x) {
  std::vector<std::vector<double>> columns;
  std::vector<std::string> names;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (x.columns[c].distinct > 1) {
      columns.push_back(table.columns[c].values);
      names.push_back(table.columns[c].name);
    }
  const std::size_t n = columns.size();
  const std::vector<double> r = correlations(columns);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      if (std::abs(r[i * n + j]) > x.threshold)
        x.pairs.push_back({names[i], names[j], r[i * n + j]});
  std::ranges::stable_sort(x.pairs, std::greater<>{}, [](const correlated_pair& p) { return std::abs(p.r); });
  const std::vector<std::size_t> order = clustered_order(r, n);
  for (const std::size_t i : order) {
    x.correlation.columns.push_back(names[i]);
    for (const std::size_t j : order)
      x.correlation.r.push_back(r[i * n + j]);
  }
}

/// What is projected: columns that vary and have few gaps, rows that have none in these.
struct complete_part {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  std::vector<std::size_t> rows;
};

bool varies(const std::vector<double>& x) {
  return std::ranges::any_of(x, [&](double v) { return v != x.front(); });
}

complete_part complete_part_of(const any_table& table, const table_profile& x) {
  std::vector<std::size_t> chosen;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (x.columns[c].distinct > 1 && 10 * (table.rows - x.columns[c].count) <= table.rows)
      chosen.push_back(c);
  complete_part result;
  for (std::size_t i = 0; i < table.rows; ++i)
    if (std::ranges::all_of(chosen, [&](std::size_t c) { return std::isfinite(table.columns[c].values[i]); }))
      result.rows.push_back(i);
  for (const std::size_t c : chosen) {
    std::vector<double> values;
    for (const std::size_t i : result.rows)
      values.push_back(table.columns[c].values[i]);
    if (values.empty() || !varies(values))
      continue;
    result.columns.push_back(std::move(values));
    result.names.push_back(table.columns[c].name);
  }
  return result;
}

/// The mean of each track's rows.
void add_tracks(const any_table& table, const complete_part& part, const std::vector<double>& places, projection& p) {
  p.points_are = "tracks";
  std::vector<projected_point> all(table.track_names.size());
  std::vector<double> counts(all.size());
  for (std::size_t k = 0; k < part.rows.size(); ++k) {
    const std::size_t i = part.rows[k];
    projected_point& point = all[table.tracks[i]];
    if (counts[table.tracks[i]]++ == 0)
      point = {table.track_names[table.tracks[i]], table.labels.empty() ? "" : table.label_names[table.labels[i]], 0,
               0};
    point.x += places[2 * k];
    point.y += places[2 * k + 1];
  }
  std::vector<std::size_t> seen;
  for (std::size_t t = 0; t < all.size(); ++t)
    if (counts[t] > 0)
      seen.push_back(t);
  const std::size_t n = std::min(seen.size(), most_points);
  for (std::size_t m = 0; m < n; ++m) {
    const std::size_t t = seen[m * seen.size() / n];
    p.points.push_back({all[t].name, all[t].label, all[t].x / counts[t], all[t].y / counts[t]});
  }
  p.points_of = seen.size();
}

void add_rows(const any_table& table, const complete_part& part, const std::vector<double>& places, projection& p) {
  p.points_are = "rows";
  const std::size_t n = std::min(part.rows.size(), most_points);
  p.points_of = part.rows.size();
  for (std::size_t m = 0; m < n; ++m) {
    const std::size_t k = m * part.rows.size() / n;
    const std::size_t i = part.rows[k];
    p.points.push_back({"row " + std::to_string(i + 1), table.labels.empty() ? "" : table.label_names[table.labels[i]],
                        places[2 * k], places[2 * k + 1]});
  }
}

void add_weights(const principal_components& found, const std::vector<std::string>& names, projection& p) {
  constexpr std::size_t most = 5;
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<correlated_pair> all;
    for (std::size_t j = 0; j < names.size(); ++j)
      all.push_back({names[j], k == 0 ? "PC1" : "PC2", found.weights[k * names.size() + j]});
    std::ranges::stable_sort(all, std::greater<>{}, [](const correlated_pair& w) { return std::abs(w.r); });
    all.resize(std::min(all.size(), most));
    p.weights.insert(p.weights.end(), all.begin(), all.end());
  }
}

projection project(const any_table& table, const table_profile& x) {
  projection p;
  const complete_part part = complete_part_of(table, x);
  p.columns = part.columns.size();
  p.left_out = table.columns.size() - p.columns;
  p.rows_left_out = table.rows - part.rows.size();
  if (p.columns < 2) {
    p.problem = "a projection needs at least 2 columns that vary and have few gaps; there " +
                std::string(p.columns == 1 ? "is 1" : "are none");
    return p;
  }
  const principal_components found = find_components(part.columns, 2);
  p.explained = found.explained;
  add_weights(found, part.names, p);
  if (table.tracks.empty())
    add_rows(table, part, found.places, p);
  else
    add_tracks(table, part, found.places, p);
  return p;
}

} // namespace

five_numbers five_numbers_of(std::vector<double>& values) {
  if (values.empty())
    return {0, none, none, none, none, none, none, none};
  std::ranges::sort(values);
  five_numbers x;
  x.count = values.size();
  x.min = values.front();
  x.q1 = quantile(values, 0.25);
  x.median = quantile(values, 0.5);
  x.q3 = quantile(values, 0.75);
  x.max = values.back();
  const double reach = 1.5 * (x.q3 - x.q1);
  x.whisker_low = std::min(x.q1, *std::ranges::lower_bound(values, x.q1 - reach));
  x.whisker_high = std::max(x.q3, *(std::ranges::upper_bound(values, x.q3 + reach) - 1));
  return x;
}

table_profile profile_of(const any_table& table, const std::string& source, double threshold) {
  table_profile x;
  x.source = source;
  x.rows = table.rows;
  x.features = table.columns.size();
  x.tracks = table.track_names.size();
  x.name_column = table.name_column;
  x.label_column = table.label_column;
  x.index_columns = table.index_columns;
  x.repeated_names = table.repeated_names;
  x.threshold = threshold;
  count_classes(table, x);
  for (const any_column& column : table.columns)
    x.columns.push_back(profile_of_column(table, column));
  find_equal_columns(table, x);
  find_equal_rows(table, x);
  correlate(table, x);
  x.pca = project(table, x);
  return x;
}

} // namespace fugato
