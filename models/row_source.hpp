// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Where text goes, piece by piece.
using text_sink = std::function<void(std::string_view)>;

/// A feature table that need not be in memory: it comes track by track, in the order of
/// the corpus, chunk 0 first.
class row_source {
public:
  struct part {
    std::string_view track;
    std::string_view label;        ///< empty when the table has no labels
    std::span<const float> values; ///< a row a chunk
  };

  virtual ~row_source() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  virtual bool labelled() const = 0;
  virtual std::size_t rows() const = 0;
  /// What the parts' views show is there during the call only.
  virtual void each_track(const std::function<void(const part&)>& look) const = 0;
};

} // namespace fugato
