// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_profile.hpp"

namespace fugato {

void describe(visitor& v, five_numbers& x) {
  v("count", x.count, anything{}, "finite values");
  v("min", x.min, anything{}, "smallest");
  v("q1", x.q1, anything{}, "lower quartile");
  v("median", x.median, anything{}, "median");
  v("q3", x.q3, anything{}, "upper quartile");
  v("max", x.max, anything{}, "largest");
  v("whisker_low", x.whisker_low, anything{}, "smallest within 1.5 quartile distances of q1");
  v("whisker_high", x.whisker_high, anything{}, "largest within 1.5 quartile distances of q3");
}

void describe(visitor& v, class_spread& x) {
  v("label", x.label, anything{}, "class");
  v("spread", x.of, "of its rows");
}

void describe(visitor& v, column_profile& x) {
  v("name", x.name, anything{}, "of the column");
  v("dtype", x.dtype, anything{}, "int64, float64, text, mixed or empty");
  v("count", x.count, anything{}, "finite values");
  v("nulls", x.nulls, anything{}, "empty cells");
  v("nans", x.nans, anything{}, "cells that are NaN");
  v("infinities", x.infinities, anything{}, "cells that are infinite");
  v("texts", x.texts, anything{}, "cells that are no numbers");
  v("distinct", x.distinct, anything{}, "different finite values");
  v("constant", x.constant, anything{}, "whether all finite values are equal");
  v("mean", x.mean, anything{}, "of the finite values");
  v("std", x.std, anything{}, "standard deviation, divided by count - 1");
  v("spread", x.spread, "of the finite values");
  v("between_classes", x.between_classes, anything{}, "share of the variance that lies between classes");
  v("classes", x.classes, "class by class");
}

void describe(visitor& v, class_count& x) {
  v("label", x.label, anything{}, "class; empty: rows without one");
  v("tracks", x.tracks, anything{}, "tracks");
  v("rows", x.rows, anything{}, "rows (chunks)");
  v("share", x.share, anything{}, "of all rows");
}

void describe(visitor& v, equal_columns& x) {
  v("name", x.name, anything{}, "of the column");
  v("same_as", x.same_as, anything{}, "an earlier column with the same values");
}

void describe(visitor& v, correlated_pair& x) {
  v("a", x.a, anything{}, "one");
  v("b", x.b, anything{}, "the other");
  v("r", x.r, anything{}, "how strongly");
}

void describe(visitor& v, correlation_matrix& x) {
  v("columns", x.columns, anything{}, "that vary, in clustered order");
  v("r", x.r, anything{}, "Pearson's correlation, row by row");
}

void describe(visitor& v, projected_point& x) {
  v("name", x.name, anything{}, "of the track or row");
  v("label", x.label, anything{}, "class");
  v("x", x.x, anything{}, "along the first component");
  v("y", x.y, anything{}, "along the second");
}

void describe(visitor& v, projection& x) {
  v("problem", x.problem, anything{}, "why there is none; else empty");
  v("columns", x.columns, anything{}, "that it is made of");
  v("left_out", x.left_out, anything{}, "columns that are constant, or have gaps in more than a tenth of the rows");
  v("rows_left_out", x.rows_left_out, anything{}, "rows with gaps in the others");
  v("explained", x.explained, anything{}, "share of the variance of each component");
  v("weights", x.weights, "heaviest columns (a) of the first two components (b)");
  v("points_are", x.points_are, anything{}, "tracks or rows");
  v("points_of", x.points_of, anything{}, "how many there are; at most 5000 of them follow, evenly taken");
  v("points", x.points, "where they lie");
}

void describe(visitor& v, table_profile& x) {
  v("format", x.format, anything{}, "of this description");
  v("source", x.source, anything{}, "file");
  v("rows", x.rows, anything{}, "rows (chunks)");
  v("features", x.features, anything{}, "columns besides names, labels and row numbers");
  v("tracks", x.tracks, anything{}, "tracks; 0: the table does not say");
  v("name_column", x.name_column, anything{}, "which names rows");
  v("label_column", x.label_column, anything{}, "which names classes");
  v("index_columns", x.index_columns, anything{}, "leading columns without a name, left out");
  v("equal_rows", x.equal_rows, anything{}, "rows with the features of an earlier row");
  v("equal_other_label", x.equal_other_label, anything{}, "of these, with another label");
  v("repeated_names", x.repeated_names, anything{}, "rows with the name of an earlier row");
  v("torn_tracks", x.torn_tracks, anything{}, "tracks with rows of several classes");
  v("classes", x.classes, "how many of each");
  v("columns", x.columns, "features");
  v("equal_columns", x.equal, "columns that repeat another");
  v("threshold", x.threshold, anything{}, "of |r|, for the pairs");
  v("pairs", x.pairs, "columns that go together, strongest first");
  v("correlation", x.correlation, "of each with each");
  v("pca", x.pca, "principal components of the standardised columns");
}

} // namespace fugato
