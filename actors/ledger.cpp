// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace fugato {

ledger::ledger(std::uint32_t tasks, const feeding& how, const patience& limits)
    : how_(how), limits_(limits), tasks_(tasks), open_(tasks) {}

ledger::line_id ledger::join() {
  processes_.emplace_back();
  return join_process(static_cast<std::uint32_t>(processes_.size() - 1));
}

ledger::line_id ledger::join_beside(line_id other) { return join_process(lines_[other].process); }

ledger::line_id ledger::join_process(std::uint32_t process) {
  lines_.emplace_back().process = process;
  return static_cast<line_id>(lines_.size() - 1);
}

std::optional<ledger::lease> ledger::next(line_id line, std::uint64_t now) {
  const line_entry& who = lines_[line];
  if (closed_ || !who.alive || who.retired || processes_[who.process].careful || who.flying >= how_.credit ||
      spent(line) || (how_.together > 0 && leases_.size() >= how_.together))
    return std::nullopt;
  auto tasks = take_waiting(who);
  if (tasks.empty() && who.flying == 0)
    if (const auto slow = straggler(now)) {
      tasks_[*slow].doubled = true;
      ++doubled_;
      tasks.push_back(*slow);
    }
  if (tasks.empty())
    return std::nullopt;
  return hand_out(line, std::move(tasks), now);
}

std::optional<ledger::task_id> ledger::pop_waiting() {
  if (returned_.empty() && fresh_ < tasks_.size())
    return fresh_++;
  std::deque<task_id>& next = returned_.empty() ? waiting_ : returned_;
  if (next.empty())
    return std::nullopt;
  const task_id result = next.front();
  next.pop_front();
  return result;
}

/// A suspect alone, to a line whose process has nothing else; others a batch at a time.
std::vector<ledger::task_id> ledger::take_waiting(const line_entry& line) {
  std::vector<task_id> result;
  while (!suspects_.empty() && processes_[line.process].flying == 0 && result.empty()) {
    if (!tasks_[suspects_.front()].settled)
      result.push_back(suspects_.front());
    suspects_.pop_front();
  }
  const bool alone = !result.empty();
  while (!alone && result.size() < how_.batch) {
    const auto task = pop_waiting();
    if (!task)
      break;
    if (!tasks_[*task].settled && !tasks_[*task].suspect)
      result.push_back(*task);
  }
  return result;
}

/// The task in flight for longest, when that is suspiciously long.
std::optional<ledger::task_id> ledger::straggler(std::uint64_t now) const {
  if (limits_.straggler_us == 0 || closed_tasks_ == 0)
    return std::nullopt;
  const std::uint64_t usual = std::max(limits_.straggler_us, 2 * busy_us_ / closed_tasks_);
  std::optional<task_id> result;
  std::uint64_t longest = usual;
  for (const auto& [id, held] : leases_)
    for (const task_id task : held.tasks)
      if (!tasks_[task].settled && !tasks_[task].doubled && !tasks_[task].suspect &&
          (now - held.since > longest || (result && now - held.since == longest && task < *result))) {
        longest = now - held.since;
        result = task;
      }
  return result;
}

ledger::lease ledger::hand_out(line_id line, std::vector<task_id> tasks, std::uint64_t now) {
  line_entry& who = lines_[line];
  process_entry& home = processes_[who.process];
  for (const task_id task : tasks) {
    ++tasks_[task].flying;
    home.careful = home.careful || tasks_[task].suspect;
  }
  ++home.flying;
  ++who.flying;
  ++who.leases;
  const std::uint64_t id = next_lease_++;
  leases_[id] = {line, now, tasks};
  return {id, std::move(tasks)};
}

void ledger::close(std::uint64_t id, std::uint64_t now) {
  const auto held = leases_.find(id);
  if (held == leases_.end())
    return; // of a line that was given up
  busy_us_ += now - held->second.since;
  closed_tasks_ += held->second.tasks.size();
  lines_[held->second.line].freed = now;
  drop(held);
}

void ledger::drop(std::unordered_map<std::uint64_t, lease_entry>::iterator held) {
  line_entry& who = lines_[held->second.line];
  process_entry& home = processes_[who.process];
  --who.flying;
  --home.flying;
  home.careful = false; // a suspect is alone
  for (const task_id task : held->second.tasks)
    --tasks_[task].flying;
  leases_.erase(held);
}

bool ledger::settle(task_id task) {
  if (tasks_[task].settled)
    return false;
  tasks_[task].settled = true;
  --open_;
  return true;
}

bool ledger::retry(task_id task) {
  task_entry& entry = tasks_[task];
  if (entry.settled)
    return true;
  if (++entry.attempts >= limits_.attempts) {
    settle(task);
    return false;
  }
  (entry.suspect ? suspects_ : waiting_).push_back(task);
  ++retries_;
  return true;
}

bool ledger::suspect(task_id task, std::uint32_t crashes) {
  records_[task].crashes = crashes;
  tasks_[task].suspect = true;
  if (crashes >= limits_.crashes)
    return settle(task);
  suspects_.push_back(task);
  return false;
}

/// Ends the line's leases. @returns their tasks
std::vector<ledger::task_id> ledger::take_from(line_id line) {
  lines_[line].alive = false;
  std::vector<task_id> result;
  for (auto held = leases_.begin(); held != leases_.end();) {
    const auto here = held++;
    if (here->second.line != line)
      continue;
    result.insert(result.end(), here->second.tasks.begin(), here->second.tasks.end());
    drop(here);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<ledger::task_id> ledger::lost(line_id line) {
  std::vector<task_id> given_up;
  for (const task_id task : take_from(line)) {
    task_entry& entry = tasks_[task];
    if (entry.settled)
      continue;
    lines_[line].accused.push_back(task);
    if (++records_[task].crashes >= limits_.crashes) {
      settle(task);
      given_up.push_back(task);
    } else if (entry.flying == 0) { // else its double goes on
      entry.suspect = true;
      suspects_.push_back(task);
      ++retries_;
    }
  }
  return given_up;
}

void ledger::acquit(line_id line) {
  for (const task_id task : std::exchange(lines_[line].accused, {})) {
    record& entry = records_[task];
    if (entry.crashes == 0 || entry.acquittals >= limits_.crashes)
      continue;
    --entry.crashes;
    ++entry.acquittals;
  }
}

void ledger::release(line_id line) {
  const auto again = take_from(line);
  for (auto task = again.rbegin(); task != again.rend(); ++task) {
    if (tasks_[*task].settled || tasks_[*task].flying > 0)
      continue;
    (tasks_[*task].suspect ? suspects_ : returned_).push_front(*task);
    ++retries_;
  }
}

std::vector<ledger::task_id> ledger::withdraw(bool from_lines_too) {
  closed_ = true;
  std::vector<task_id> result;
  for (task_id task = 0; task < tasks_.size(); ++task)
    if (!tasks_[task].settled && (from_lines_too || tasks_[task].flying == 0)) {
      settle(task);
      result.push_back(task);
    }
  return result;
}

std::vector<ledger::line_id> ledger::overdue(std::uint64_t now) const {
  std::vector<line_id> result;
  if (limits_.deadline_us == 0)
    return result;
  for (const auto& [id, held] : leases_) {
    const line_entry& who = lines_[held.line];
    if (now - std::max(held.since, who.freed) > limits_.deadline_us * held.tasks.size() * who.flying)
      result.push_back(held.line);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<ledger::task_id> ledger::held(line_id line) const {
  std::vector<task_id> result;
  for (const auto& [id, held] : leases_)
    if (held.line == line)
      std::copy_if(held.tasks.begin(), held.tasks.end(), std::back_inserter(result),
                   [this](task_id task) { return !tasks_[task].settled; });
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<ledger::holding> ledger::holdings() const {
  std::map<line_id, std::pair<std::uint64_t, holding>> by_line; // with the id of the oldest lease
  for (const auto& [id, held] : leases_) {
    const auto [at, fresh] = by_line.try_emplace(held.line, id, holding{held.line, held.since, held.tasks.front(), 0});
    auto& [oldest, here] = at->second;
    if (id < oldest) {
      oldest = id;
      here.since = held.since;
      here.first = held.tasks.front();
    }
    here.tasks += static_cast<std::uint32_t>(held.tasks.size());
  }
  std::vector<holding> result;
  for (const auto& [line, held] : by_line)
    result.push_back(held.second);
  return result;
}

} // namespace fugato
