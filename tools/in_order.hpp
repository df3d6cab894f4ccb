// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace fugato {

/// Takes things in any order and hands them on in that of their numbers, which count from 0, each as soon as
/// those before it are through.
template <class T>
class in_order {
public:
  explicit in_order(std::function<void(T&&)> next) : next_(std::move(next)) {}

  void put(std::uint32_t number, T&& x) {
    waiting_.emplace(number, std::move(x));
    for (auto first = waiting_.begin(); first != waiting_.end() && first->first == due_; first = waiting_.begin()) {
      T item = std::move(first->second);
      waiting_.erase(first);
      ++due_;
      next_(std::move(item));
    }
  }

  /// How many have been handed on.
  std::uint32_t done() const { return due_; }

private:
  std::function<void(T&&)> next_;
  std::map<std::uint32_t, T> waiting_;
  std::uint32_t due_ = 0;
};

} // namespace fugato
