// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/track_list.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <limits>
#include <utility>

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
  const bool ends_path = x.path.ends_with(x.name) && x.path.size() - x.name.size() < own_name;
  const auto both = std::mismatch(x.path.begin(), x.path.end(), last_.begin(), last_.end()).first - x.path.begin();
  const auto shared = entries_.size() % block == 0 ? 0 : std::min<std::ptrdiff_t>(both, own_name);
  if (text_.size() > std::numeric_limits<std::uint32_t>::max())
    throw error(errc::settings, "the paths of a corpus must have at most 4 GB together");
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), label->second, static_cast<std::uint16_t>(shared),
                      ends_path ? static_cast<std::uint16_t>(x.path.size() - x.name.size()) : own_name});
  text_.append(x.path, static_cast<std::size_t>(shared));
  if (!ends_path)
    text_.append(1, '\0').append(x.name);
  last_ = x.path;
}

std::string_view track_list::rest_of(std::size_t i) const {
  const std::size_t end = i + 1 < entries_.size() ? entries_[i + 1].at : text_.size();
  return std::string_view(text_).substr(entries_[i].at, end - entries_[i].at);
}

std::string track_list::path(std::size_t i) const {
  std::string result;
  for (std::size_t j = i - i % block; j <= i; ++j) {
    result.resize(entries_[j].shared);
    const std::string_view rest = rest_of(j);
    result += entries_[j].name == own_name ? rest.substr(0, rest.find('\0')) : rest;
  }
  return result;
}

track track_list::operator[](std::size_t i) const {
  std::string whole = path(i);
  const std::string_view rest = rest_of(i);
  std::string name =
      entries_[i].name == own_name ? std::string(rest.substr(rest.find('\0') + 1)) : whole.substr(entries_[i].name);
  return {static_cast<std::uint32_t>(i), std::move(whole), std::move(name), label(i)};
}

} // namespace fugato
