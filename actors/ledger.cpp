// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/ledger.hpp"

#include <numeric>

namespace fugato {

ledger::ledger(std::uint32_t tasks, std::uint32_t attempts)
    : tasks_(tasks), waiting_(tasks), most_attempts_(attempts), open_(tasks) {
  std::iota(waiting_.begin(), waiting_.end(), 0U);
}

std::optional<std::uint32_t> ledger::next() {
  if (waiting_.empty())
    return std::nullopt;
  const std::uint32_t task = waiting_.front();
  waiting_.pop_front();
  tasks_[task].where = state::flying;
  ++tasks_[task].attempts;
  return task;
}

bool ledger::settle(std::uint32_t task) {
  if (tasks_[task].where == state::settled)
    return false;
  tasks_[task].where = state::settled;
  --open_;
  return true;
}

bool ledger::retry(std::uint32_t task) {
  task_entry& entry = tasks_[task];
  if (entry.where != state::flying)
    return true;
  if (entry.attempts >= most_attempts_) {
    settle(task);
    return false;
  }
  entry.where = state::waiting;
  waiting_.push_back(task);
  ++retries_;
  return true;
}

} // namespace fugato
