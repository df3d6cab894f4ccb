// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/row_store.hpp"

#include <algorithm>
#include <set>

namespace fugato {
namespace {

/// The labels of the tracks that have rows, sorted; none when all are empty.
std::vector<std::string> labels_of(const std::vector<track>& tracks, const std::vector<std::vector<float>>& rows) {
  std::set<std::string> found;
  for (const track& x : tracks)
    if (!rows[x.id].empty())
      found.insert(x.label);
  const bool none = std::all_of(found.begin(), found.end(), [](const auto& label) { return label.empty(); });
  return none ? std::vector<std::string>{} : std::vector<std::string>(found.begin(), found.end());
}

} // namespace

row_store::row_store(std::shared_ptr<const std::vector<track>> tracks, std::vector<std::string> columns)
    : tracks_(std::move(tracks)), columns_(std::move(columns)), rows_(tracks_->size()) {}

bool row_store::add(std::uint32_t track, std::vector<float> values) {
  if (!rows_.at(track).empty())
    return false;
  rows_[track] = std::move(values);
  return true;
}

void row_store::remove(std::uint32_t track) { rows_.at(track).clear(); }

dataset row_store::take() {
  dataset result;
  result.columns = columns_;
  result.label_names = labels_of(*tracks_, rows_);
  for (const track& x : *tracks_) {
    std::vector<float> values = std::move(rows_[x.id]);
    if (values.empty())
      continue;
    const auto rows = static_cast<std::uint32_t>(values.size() / columns_.size());
    const auto place = static_cast<std::uint32_t>(result.track_names.size());
    result.track_names.push_back(x.name);
    result.tracks.insert(result.tracks.end(), rows, place);
    for (std::uint32_t chunk = 0; chunk < rows; ++chunk)
      result.chunks.push_back(chunk);
    if (!result.label_names.empty()) {
      const auto label = std::lower_bound(result.label_names.begin(), result.label_names.end(), x.label);
      result.labels.insert(result.labels.end(), rows, static_cast<std::uint32_t>(label - result.label_names.begin()));
    }
    result.values.insert(result.values.end(), values.begin(), values.end());
  }
  return result;
}

} // namespace fugato
