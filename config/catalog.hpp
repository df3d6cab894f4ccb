// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"
#include "config/spelling.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fugato {

/// A closed list of interchangeable things, each with at least a `name` and a
/// `summary`: features, statistics, models, policies. The list is plain data:
/// `fugato list`, the docs, the config check and table-driven tests walk it.
template <class T>
class catalog {
public:
  catalog(std::string kind, std::vector<T> entries) : kind_(std::move(kind)), entries_(std::move(entries)) {}

  /// @throws error(settings) naming the closest entry.
  const T& at(std::string_view name) const {
    for (const T& entry : entries_)
      if (entry.name == name)
        return entry;
    throw error(errc::settings, "unknown " + kind_ + " '" + std::string(name) + "'" + hint(name, names()));
  }

  std::vector<std::string_view> names() const {
    std::vector<std::string_view> result;
    for (const T& entry : entries_)
      result.emplace_back(entry.name);
    return result;
  }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

private:
  std::string kind_;
  std::vector<T> entries_;
};

} // namespace fugato
