// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace fugato {

/// Which task is where. Knows nothing of actors: events go in, decisions come
/// out, so that every order of failures can be tested without a network.
class ledger {
public:
  /// @param attempts at a task, at least 1
  ledger(std::uint32_t tasks, std::uint32_t attempts);

  /// The next task to hand out, from now on in flight; nothing when none waits.
  std::optional<std::uint32_t> next();

  /// The task is settled, for good or ill. @returns false when it was settled
  /// before: the answer is late and must not count.
  bool settle(std::uint32_t task);

  /// The task's attempt failed in a way that another may mend: it waits again.
  /// @returns false when it had its last attempt; it is settled then.
  bool retry(std::uint32_t task);

  bool finished() const { return open_ == 0; }
  std::uint32_t retries() const { return retries_; }

private:
  enum class state : std::uint8_t { waiting, flying, settled };
  struct task_entry {
    state where = state::waiting;
    std::uint32_t attempts = 0;
  };

  std::vector<task_entry> tasks_;
  std::deque<std::uint32_t> waiting_;
  std::uint32_t most_attempts_;
  std::uint32_t open_;
  std::uint32_t retries_ = 0;
};

} // namespace fugato
