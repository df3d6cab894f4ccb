// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"
#include "models/dataset.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fugato {

/// Rows come in any order and leave in the order of the corpus. Free of actors.
class row_store {
public:
  row_store(std::shared_ptr<const std::vector<track>> tracks, std::vector<std::string> columns);

  /// Keeps the first rows that arrive for a track. @returns whether these were.
  bool add(std::uint32_t track, std::vector<float> values);

  /// A track that counts as failed has no rows, even if some came late.
  void remove(std::uint32_t track);

  /// The table of all rows; the store is empty afterwards.
  dataset take();

private:
  std::shared_ptr<const std::vector<track>> tracks_;
  std::vector<std::string> columns_;
  std::vector<std::vector<float>> rows_; ///< by track
};

} // namespace fugato
