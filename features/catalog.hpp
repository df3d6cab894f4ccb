// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "features/settings.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

class analysis;

/// What a feature yields for a chunk: `bands` rows of `length` values, row by
/// row; `length` is frames, samples (the HPSS signals) or 1. A view into the
/// analysis, valid until its next `reset`.
struct series {
  std::size_t bands = 1;
  std::size_t length = 0;
  std::span<const float> values;

  std::span<const float> band(std::size_t i) const { return values.subspan(i * length, length); }
};

/// One row of the feature catalog: all there is to know about a feature.
struct feature {
  std::string_view name;      ///< as in `features.names`
  std::string_view column;    ///< column prefix; `{}` is the band's number
  unsigned first_band;        ///< the number of band 0 in column names
  std::string_view unit;      ///< "Hz", "dB", "1" ...
  std::string_view summary;   ///< one sentence
  std::string_view reference; ///< the definition it follows, e.g. librosa's
  std::size_t (*bands)(const feature_settings&);
  series (*compute)(analysis&);
  /// A shorter way to the bands' means when nothing else of them is asked for;
  /// null where there is none.
  void (*means)(analysis&, std::span<float> out) = nullptr;
  /// Neighbours in `features.names` with the same non-empty tag share their
  /// columns' order band by band (mfcc0, mfcc_delta_0, mfcc_accelerate_0, mfcc1 ...).
  std::string_view interleave = {};
  /// One value a chunk, which has no spread: whatever the statistics, it takes one column, `_mean`.
  bool single = false;
};

const catalog<feature>& features();

/// How a band's values become one number.
struct statistic {
  std::string_view name; ///< column suffix
  std::string_view summary;
  float (*reduce)(std::span<const float>);
  bool squares_unit = false; ///< as a variance does
};

const catalog<statistic>& statistics();

/// A named selection of features.
struct feature_preset {
  std::string_view name;
  std::string_view summary;
  std::vector<std::string> names;
  std::vector<std::string> statistics;
  unsigned n_mfcc;
};

const catalog<feature_preset>& feature_presets();

/// One column of the table.
struct column {
  std::string name; ///< e.g. "mfcc_delta_3_mean"
  std::string unit;
  std::string feature;   ///< row of the catalog
  std::string statistic; ///< row of the catalog
};

/// The columns of a row, in order: by feature, band, statistic; by band first among interleaved
/// neighbours. @throws error(settings) for a name that no catalog has.
std::vector<column> columns_of(const feature_settings& settings);

} // namespace fugato
