// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dataset.hpp"

#include <random>
#include <string>

namespace fugato {

/// A small labelled table: tracks scatter around their class's centre, chunks
/// around their track. Only mt19937's raw numbers are used, so that it is the
/// same everywhere.
struct blob_settings {
  std::uint32_t classes = 3;
  std::uint32_t tracks_per_class = 10;
  std::uint32_t chunks = 4;
  std::uint32_t width = 6;
  float noise = 1; ///< of chunks and tracks; centres lie about 1 apart
};

inline dataset blobs(const blob_settings& s = {}) {
  std::mt19937 bits(7);
  const auto uniform = [&] { return static_cast<float>(bits() >> 8U) * 0x1p-23F - 1.0F; };
  const auto point = [&](const std::vector<float>& around, float spread) {
    std::vector<float> result(s.width);
    for (std::size_t j = 0; j < s.width; ++j)
      result[j] = (around.empty() ? 0 : around[j]) + spread * uniform();
    return result;
  };
  dataset table;
  for (std::uint32_t j = 0; j < s.width; ++j)
    table.columns.push_back("x" + std::to_string(j));
  for (std::uint32_t c = 0; c < s.classes; ++c) {
    table.label_names.push_back("genre" + std::to_string(c));
    const auto centre = point({}, 1);
    for (std::uint32_t t = 0; t < s.tracks_per_class; ++t) {
      const auto track = static_cast<std::uint32_t>(table.track_names.size());
      table.track_names.push_back("genre" + std::to_string(c) + "." + std::to_string(t) + ".wav");
      const auto middle = point(centre, s.noise);
      for (std::uint32_t k = 0; k < s.chunks; ++k) {
        const auto row = point(middle, s.noise);
        table.values.insert(table.values.end(), row.begin(), row.end());
        table.tracks.push_back(track);
        table.chunks.push_back(k);
        table.labels.push_back(c);
      }
    }
  }
  return table;
}

} // namespace fugato
