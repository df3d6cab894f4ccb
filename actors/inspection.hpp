// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/messages.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace fugato {

/// What is wrong with a task's results, a clause; empty when they can be kept.
using result_check = std::function<std::string(const measured&)>;

/// Rows as extraction yields them: at least one, each of @p width finite numbers.
result_check rows_of(std::size_t width);

/// What a line is told, and the user, that answers in the sink's place.
caf::error false_receipt();

/// What other processes send is looked at before it is kept: a worker that is
/// broken, or of another make than it says, must not spoil the table. Free of actors.
class inspection {
public:
  explicit inspection(result_check check) : check_(std::move(check)) {}

  /// These tasks are about to be handed out under a lease.
  void expect(std::uint64_t lease, const std::vector<std::uint32_t>& tasks) { given_[lease] = tasks; }

  /// @returns what is wrong with an answer, a clause; empty when it is one to a lease
  ///          that has not been answered before
  std::string fault_in(const parcel_rows& x);

private:
  std::string fault_in(const measured& x) const;

  result_check check_; ///< may be empty
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> given_;
};

} // namespace fugato
