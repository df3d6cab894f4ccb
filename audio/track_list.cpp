// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/track_list.hpp"

namespace fugato {

track_list::track_list(const std::vector<track>& all) {
  reserve(all.size(), 0);
  for (const track& x : all)
    add(x);
}

track_list::operator std::vector<track>() const { return {begin(), end()}; }

void track_list::reserve(std::size_t count, std::size_t text) {
  entries_.reserve(count);
  text_.reserve(text);
}

void track_list::add(const track& x) {
  auto label = label_numbers_.find(x.label);
  if (label == label_numbers_.end()) {
    label = label_numbers_.emplace(x.label, static_cast<std::uint32_t>(labels_.size())).first;
    labels_.push_back(x.label);
  }
  const bool ends_path = x.path.ends_with(x.name);
  entries_.push_back({text_.size(), label->second,
                      static_cast<std::uint32_t>(ends_path ? x.path.size() - x.name.size() : x.path.size() + 1)});
  text_ += x.path;
  if (!ends_path)
    text_.append(1, '\0').append(x.name);
}

std::string_view track_list::name_of(std::size_t i) const {
  const std::uint64_t first = entries_[i].at + entries_[i].name;
  return std::string_view(text_).substr(first, end_of(i) - first);
}

std::string_view track_list::path_of(std::size_t i) const {
  const entry& x = entries_[i];
  const std::string_view whole = std::string_view(text_).substr(x.at, end_of(i) - x.at);
  // a name of its own begins behind the zero byte
  return x.name > 0 && whole[x.name - 1] == '\0' ? whole.substr(0, x.name - 1) : whole;
}

track track_list::operator[](std::size_t i) const {
  return {static_cast<std::uint32_t>(i), path(i), std::string(name_of(i)), label(i)};
}

} // namespace fugato
