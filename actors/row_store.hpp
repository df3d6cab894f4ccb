// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "audio/track_list.hpp"
#include "config/spool.hpp"
#include "models/dataset.hpp"
#include "models/row_source.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// Where a track's rows lie.
struct row_place {
  std::uint64_t at = 0;
  std::uint32_t values = 0; ///< 0: there are none
};

/// What was measured of a track.
struct track_result {
  std::uint32_t track = 0;
  std::span<const float> rows; ///< row-major, chunk 0 first
  const std::string& warning;
  const track_notes& notes;
  std::string_view content{}; ///< SHA-256 of the file
};

/// Keeps rows until the table is asked for: on disk, since there may be millions.
class row_keeper {
public:
  virtual ~row_keeper() = default;
  /// @throws error(output) when there is no room
  virtual row_place keep(const track_result& x) = 0;
  /// @throws error(output) when the medium fails
  virtual std::vector<float> rows(const row_place& place) const = 0;
};

/// Keeps them in a file without a name.
class row_spool : public row_keeper {
public:
  /// @param folder see spool
  explicit row_spool(std::string folder) : bytes_(std::move(folder)) {}
  row_place keep(const track_result& x) override;
  std::vector<float> rows(const row_place& place) const override;

private:
  spool bytes_;
};

/// Rows come in any order and leave in the order of the corpus. Free of actors.
class row_store : public row_source {
public:
  row_store(std::shared_ptr<const track_list> corpus, std::vector<std::string> columns,
            std::shared_ptr<row_keeper> keeper);

  /// Keeps the first rows that arrive for a track. @returns whether these were.
  bool add(const track_result& x);

  /// Rows that are kept already.
  void recall(std::uint32_t track, const row_place& place);

  /// A track that counts as failed has no rows, even if some came late.
  void remove(std::uint32_t track);

  const std::vector<std::string>& columns() const override { return columns_; }
  bool labelled() const override;
  std::size_t rows() const override;
  std::size_t tracks_with_rows() const;
  void each_track(const std::function<void(const part&)>& look) const override;

  /// All of it, in memory.
  dataset table() const;

private:
  row_place place_of(std::size_t i) const { return {at_[i], values_[i]}; }
  std::vector<std::string> labels() const;

  std::shared_ptr<const track_list> corpus_;
  std::vector<std::string> columns_;
  std::shared_ptr<row_keeper> keeper_;
  // by track; apart, since together they would be padded
  std::vector<std::uint64_t> at_;
  std::vector<std::uint32_t> values_; ///< 0: no rows
};

} // namespace fugato
