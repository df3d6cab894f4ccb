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

/// The tracks of a corpus in its order, packed: 12 bytes each and what its path does not share with
/// the one before, so that millions fit. A track is made when it is looked at.
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
  std::string path(std::size_t i) const;
  const std::string& label(std::size_t i) const { return labels_[entries_[i].label]; }

  iterator begin() const;
  iterator end() const;

private:
  struct entry {
    std::uint32_t at = 0; ///< in `text_`, of what follows the shared beginning
    std::uint32_t label = 0;
    std::uint16_t shared = 0; ///< how much of the path is that of the track before; 0 at the beginning of a block
    std::uint16_t name = 0;   ///< where it begins in the path; `own_name`: it stands behind a zero byte
  };

  static constexpr std::size_t block = 32; ///< tracks that are looked through for one
  static constexpr std::uint16_t own_name = 0xFFFF;

  std::string_view rest_of(std::size_t i) const;

  std::string text_; ///< of each track: the rest of the path, and for some a zero byte and the name
  std::string last_; ///< path
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
