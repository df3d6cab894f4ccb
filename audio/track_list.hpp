// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// The tracks of a corpus in its order, packed: 16 bytes and the path each, so that
/// millions fit. A track is made when it is looked at.
class track_list {
public:
  class iterator;

  track_list() = default;
  track_list(const std::vector<track>& all);
  track_list(std::initializer_list<track> all) : track_list(std::vector<track>(all)) {}
  /// Unpacked, for corpora that are known to be small.
  operator std::vector<track>() const;

  /// Ids count from 0; that of @p x is passed over.
  void add(const track& x);
  /// @param text bytes of all paths
  void reserve(std::size_t count, std::size_t text);

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  track operator[](std::size_t i) const;
  std::string path(std::size_t i) const { return std::string(path_of(i)); }
  const std::string& label(std::size_t i) const { return labels_[entries_[i].label]; }

  iterator begin() const;
  iterator end() const;

private:
  struct entry {
    std::uint64_t at = 0; ///< of the path in `text_`
    std::uint32_t label = 0;
    std::uint32_t name = 0; ///< where it begins, counted from `at`; it ends where the next path begins
  };

  std::string_view path_of(std::size_t i) const;
  std::string_view name_of(std::size_t i) const;
  std::uint64_t end_of(std::size_t i) const { return i + 1 < entries_.size() ? entries_[i + 1].at : text_.size(); }

  std::string text_; ///< each path, and behind a zero byte the name unless the path ends with it
  std::vector<entry> entries_;
  std::vector<std::string> labels_;
  std::map<std::string, std::uint32_t, std::less<>> label_numbers_;
};

class track_list::iterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = track;
  using difference_type = std::ptrdiff_t;
  using pointer = const track*;
  using reference = track;

  iterator(const track_list& all, std::size_t at) : all_(&all), at_(at) {}
  track operator*() const { return (*all_)[at_]; }
  iterator& operator++() {
    ++at_;
    return *this;
  }
  friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

private:
  const track_list* all_;
  std::size_t at_;
};

inline track_list::iterator track_list::begin() const { return {*this, 0}; }
inline track_list::iterator track_list::end() const { return {*this, size()}; }

} // namespace fugato
