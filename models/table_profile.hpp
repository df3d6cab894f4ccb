// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/any_table.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What can be said of a feature table before anything is learnt from it.
namespace fugato {

/// Five numbers of the finite values, and how far Tukey's whiskers reach: to the last values within 1.5 times the
/// distance of the quartiles. Quartiles lie between values where they must (numpy's and pandas' "linear").
struct five_numbers {
  std::uint64_t count = 0;
  double min = 0, q1 = 0, median = 0, q3 = 0, max = 0; ///< NaN without values
  double whisker_low = 0, whisker_high = 0;
};

/// Reorders `values`, which must be finite.
five_numbers five_numbers_of(std::vector<double>& values);

struct class_spread {
  std::string label;
  five_numbers of;
};

struct column_profile {
  std::string name;
  std::string dtype;
  std::uint64_t count = 0; ///< finite values, which all that follows is about
  std::uint64_t nulls = 0, nans = 0, infinities = 0, texts = 0;
  std::uint64_t distinct = 0;
  bool constant = false;
  double mean = 0;
  double std = 0; ///< of a sample: divided by count - 1
  five_numbers spread;
  /// Share of the variance that lies between classes (eta squared), in [0, 1]; 0 without labels.
  double between_classes = 0;
  std::vector<class_spread> classes;
};

struct class_count {
  std::string label; ///< empty: rows without one
  std::uint64_t tracks = 0;
  std::uint64_t rows = 0;
  double share = 0; ///< of the rows
};

struct equal_columns {
  std::string name;
  std::string same_as; ///< an earlier column
};

struct correlated_pair {
  std::string a, b;
  double r = 0;
};

/// Pearson's r of the columns that vary, in an order that puts together what goes together.
struct correlation_matrix {
  std::vector<std::string> columns;
  std::vector<double> r; ///< row by row
};

/// A track (the mean of its rows), or a row where the table names no tracks.
struct projected_point {
  std::string name;
  std::string label;
  double x = 0, y = 0;
};

struct projection {
  std::string problem; ///< why there is none; else empty
  std::uint64_t columns = 0;
  std::uint64_t left_out = 0;           ///< columns that are constant, or have gaps in more than a tenth of the rows
  std::uint64_t rows_left_out = 0;      ///< rows with gaps in the others
  std::vector<double> explained;        ///< share of the variance, of each component
  std::vector<correlated_pair> weights; ///< the heaviest columns (a) of the first two components (b): weight r
  std::vector<projected_point> points;  ///< at most 5000, evenly taken
  std::uint64_t points_of = 0;          ///< how many there would be
  std::string points_are;               ///< "tracks" or "rows"
};

struct table_profile {
  std::uint32_t format = 1;
  std::string source;
  std::uint64_t rows = 0;
  std::uint64_t features = 0;
  std::uint64_t tracks = 0; ///< 0: the table does not say
  std::string name_column, label_column;
  std::vector<std::string> index_columns;
  std::uint64_t equal_rows = 0;         ///< rows whose features an earlier row has
  std::uint64_t equal_other_label = 0;  ///< of these, with another label than the first of them
  std::uint64_t repeated_names = 0;     ///< rows whose name an earlier row has
  std::vector<std::string> torn_tracks; ///< tracks with rows of several labels
  std::vector<class_count> classes;
  std::vector<column_profile> columns;
  std::vector<equal_columns> equal;
  double threshold = 0.95;            ///< of |r|
  std::vector<correlated_pair> pairs; ///< beyond it, strongest first
  correlation_matrix correlation;
  projection pca;
};

void describe(visitor& v, table_profile& x);

/// @param threshold from which |r| on a pair of columns is listed
table_profile profile_of(const any_table& table, const std::string& source, double threshold = 0.95);

} // namespace fugato
