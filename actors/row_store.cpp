// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/row_store.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace fugato {

row_place row_spool::keep(const track_result& x) {
  return {bytes_.append({reinterpret_cast<const char*>(x.rows.data()), x.rows.size_bytes()}),
          static_cast<std::uint32_t>(x.rows.size())};
}

std::vector<float> row_spool::rows(const row_place& place) const {
  std::vector<float> result(place.values);
  bytes_.read(place.at, reinterpret_cast<char*>(result.data()), result.size() * sizeof(float));
  return result;
}

row_store::row_store(std::shared_ptr<const track_list> corpus, std::vector<std::string> columns,
                     std::shared_ptr<row_keeper> keeper)
    : corpus_(std::move(corpus)),
      columns_(std::move(columns)),
      keeper_(std::move(keeper)),
      at_(corpus_->size()),
      values_(corpus_->size()) {}

bool row_store::add(const track_result& x) {
  if (values_.at(x.track) > 0)
    return false;
  recall(x.track, keeper_->keep(x));
  return true;
}

void row_store::recall(std::uint32_t track, const row_place& place) {
  at_.at(track) = place.at;
  values_[track] = place.values;
}

void row_store::remove(std::uint32_t track) { values_.at(track) = 0; }

/// Of the tracks that have rows, sorted.
std::vector<std::string> row_store::labels() const {
  std::set<std::string> found;
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (values_[i] > 0 && !found.contains(corpus_->label(i)))
      found.insert(corpus_->label(i));
  return {found.begin(), found.end()};
}

bool row_store::labelled() const {
  const std::vector<std::string> found = labels();
  return std::any_of(found.begin(), found.end(), [](const std::string& label) { return !label.empty(); });
}

std::size_t row_store::rows() const {
  return std::accumulate(values_.begin(), values_.end(), std::size_t{0}) / columns_.size();
}

std::size_t row_store::tracks_with_rows() const {
  return static_cast<std::size_t>(
      std::count_if(values_.begin(), values_.end(), [](std::uint32_t values) { return values > 0; }));
}

void row_store::each_track(const std::function<void(const part&)>& look) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i] == 0)
      continue;
    const std::vector<float> values = keeper_->rows(place_of(i));
    const track x = (*corpus_)[i];
    look({x.name, x.label, values});
  }
}

dataset row_store::table() const {
  dataset result;
  result.columns = columns_;
  if (labelled())
    result.label_names = labels();
  result.values.reserve(rows() * columns_.size());
  each_track([&](const part& x) {
    const auto rows = static_cast<std::uint32_t>(x.values.size() / columns_.size());
    const auto place = static_cast<std::uint32_t>(result.track_names.size());
    result.track_names.emplace_back(x.track);
    result.tracks.insert(result.tracks.end(), rows, place);
    for (std::uint32_t chunk = 0; chunk < rows; ++chunk)
      result.chunks.push_back(chunk);
    if (!result.label_names.empty()) {
      const auto label = std::lower_bound(result.label_names.begin(), result.label_names.end(), x.label);
      result.labels.insert(result.labels.end(), rows, static_cast<std::uint32_t>(label - result.label_names.begin()));
    }
    result.values.insert(result.values.end(), x.values.begin(), x.values.end());
  });
  return result;
}

} // namespace fugato
