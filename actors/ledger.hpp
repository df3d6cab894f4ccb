// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace fugato {

/// How tasks are handed out: the half of a policy that is arithmetic.
struct feeding {
  std::uint32_t batch = 1;    ///< tasks per lease
  std::uint32_t credit = 1;   ///< leases in flight per line
  std::uint32_t together = 0; ///< leases in flight in all; 0: no limit
  bool single_use = false;    ///< a line gets one lease in its life
};

/// What tasks are tried for.
struct patience {
  std::uint32_t attempts = 3;     ///< at a task whose medium failed
  std::uint32_t crashes = 3;      ///< lines that a task may take with it
  std::uint64_t deadline_us = 0;  ///< of a task; 0: none
  std::uint64_t straggler_us = 0; ///< a task that takes longer than this and twice the mean is doubled; 0: never
};

/// Which task is where. Knows nothing of actors: events go in, decisions come
/// out, so that every order of failures can be tested without a network. Times
/// are microseconds of any clock that does not go back.
class ledger {
public:
  using line_id = std::uint32_t;
  using task_id = std::uint32_t;

  struct lease {
    std::uint64_t id = 0;
    std::vector<task_id> tasks;
  };

  ledger(std::uint32_t tasks, const feeding& how, const patience& limits);

  /// A line that can be fed, alone in its process; numbers count from 0 and are never used again.
  line_id join();

  /// A line in the same process as another: they die together.
  line_id join_beside(line_id other);

  /// The next tasks for a line, from now on in flight there; nothing when none
  /// wait, its credit is used up, or all in flight are as many as may be. Where no
  /// task waits, an idle line may get a straggler of another line once more.
  std::optional<lease> next(line_id line, std::uint64_t now);

  /// The lease came back; its tasks still have to be settled or retried.
  void close(std::uint64_t id, std::uint64_t now);

  /// The task is settled, for good or ill. @returns false when it was settled
  /// before: the answer is late and must not count.
  bool settle(task_id task);

  /// The task's attempt failed in a way that another may mend: it waits again.
  /// @returns false when it had its last attempt; it is settled then.
  bool retry(task_id task);

  /// The task has taken others with it before this ledger was made: it is to be tried alone.
  /// @returns whether it is given up at once, being settled now
  bool suspect(task_id task, std::uint32_t crashes);

  /// The line is gone. Its tasks wait again, each to be tried alone in its process, so that
  /// the blame for another loss is clear. @returns those that are given up instead,
  /// having taken as many lines with them as they may; they are settled.
  std::vector<task_id> lost(line_id line);

  /// It turned out that what the lost line held is not to blame, so that the loss does not count
  /// against it; for a task at most as often as it may cost lines.
  void acquit(line_id line);

  /// The line gets no more.
  void retire(line_id line) { lines_[line].retired = true; }

  /// The line is gone through nobody's fault: its tasks wait again.
  void release(line_id line);

  /// No task is handed out any more. @returns those that no line has, and, when asked for,
  /// those in flight too; they are settled. To be called again when lines are lost.
  std::vector<task_id> withdraw(bool from_lines_too);

  /// Lines with a lease that they have had in hand for longer than its tasks may take together.
  std::vector<line_id> overdue(std::uint64_t now) const;

  /// What the line holds, unsettled, in the order of the tasks.
  std::vector<task_id> held(line_id line) const;

  /// What a line has in flight, its oldest lease first.
  struct holding {
    line_id line = 0;
    std::uint64_t since = 0; ///< of the oldest lease
    task_id first = 0;       ///< of its tasks
    std::uint32_t tasks = 0; ///< of all its leases
  };
  /// One entry a line that holds anything, in the order of the lines.
  std::vector<holding> holdings() const;

  bool finished() const { return open_ == 0; }
  std::uint32_t open() const { return open_; }
  bool idle(line_id line) const { return lines_[line].flying == 0; }
  std::uint32_t retries() const { return retries_; }
  std::uint32_t doubled() const { return doubled_; }
  bool spent(line_id line) const { return how_.single_use && lines_[line].leases > 0; }

private:
  struct task_entry { // small: there may be millions
    bool settled : 1 = false;
    bool suspect : 1 = false; ///< was in flight on a lost line: handed out alone
    bool doubled : 1 = false;
    std::uint8_t attempts = 0;
    std::uint16_t flying = 0; ///< leases that hold it
  };
  /// Of a task that lost lines held.
  struct record {
    std::uint32_t crashes = 0;
    std::uint32_t acquittals = 0;
  };
  /// What a worker process holds.
  struct process_entry {
    bool careful = false;     ///< a suspect
    std::uint32_t flying = 0; ///< leases
  };
  struct line_entry {
    std::uint32_t process = 0;
    bool alive = true;
    bool retired = false;
    std::uint32_t flying = 0;     ///< leases
    std::uint64_t leases = 0;     ///< in its life
    std::uint64_t freed = 0;      ///< when it last finished one: the next was not in hand before
    std::vector<task_id> accused; ///< of its loss
  };
  struct lease_entry {
    line_id line = 0;
    std::uint64_t since = 0;
    std::vector<task_id> tasks;
  };

  line_id join_process(std::uint32_t process);
  std::vector<task_id> take_from(line_id line);
  lease hand_out(line_id line, std::vector<task_id> tasks, std::uint64_t now);
  std::optional<task_id> pop_waiting();
  std::vector<task_id> take_waiting(const line_entry& line);
  std::optional<task_id> straggler(std::uint64_t now) const;
  void drop(std::unordered_map<std::uint64_t, lease_entry>::iterator held);

  feeding how_;
  patience limits_;
  std::vector<task_entry> tasks_;
  std::unordered_map<task_id, record> records_;
  std::deque<task_id> returned_; ///< given back unbegun: these go first
  task_id fresh_ = 0;            ///< the first that was never handed out: no list of millions
  std::deque<task_id> waiting_;  ///< to be tried again, last
  std::deque<task_id> suspects_;
  std::vector<line_entry> lines_;
  std::vector<process_entry> processes_;
  std::unordered_map<std::uint64_t, lease_entry> leases_;
  std::uint64_t next_lease_ = 1;
  std::uint64_t busy_us_ = 0; ///< of closed leases, for the mean of a task
  std::uint64_t closed_tasks_ = 0;
  std::uint32_t open_;
  std::uint32_t retries_ = 0;
  std::uint32_t doubled_ = 0;
  bool closed_ = false;
};

} // namespace fugato
