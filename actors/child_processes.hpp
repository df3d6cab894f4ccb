// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/placement.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace fugato {

/// Whether this child of ours has ended or is about to, as Linux tells by the time that its last socket is closed.
bool is_ending(pid_t child);

/// Worker processes of this very program: started, replaced when they end before
/// their time, and gone when this is.
class child_processes {
public:
  /// @param start starts one child. Not more than 64 live at once.
  /// @param deaths how many may die by a signal before that is an error
  void begin(std::uint32_t count, std::uint64_t deaths, std::function<pid_t()> start);

  /// Starts what is due, in place of what has ended too.
  /// @throws error(internal) when children fail by themselves again and again.
  void tend();

  /// Whether this process is one of ours, and has not ended, nor does so within a moment.
  bool lives(std::uint32_t process) const;

  /// Ends this process if it is one of ours.
  void end(std::uint32_t process) const;

  /// Waits a second for all to end, and kills what stays.
  process_costs stop();

  ~child_processes();

  static constexpr std::uint32_t most_alive = 64;

private:
  void top_up();
  /// @returns the status of each that has ended
  std::vector<int> reap();
  bool ours(std::uint32_t process) const;
  void account(const rusage& used);
  void replace_if_lost(int status);

  std::function<pid_t()> start_;
  std::uint32_t to_start_ = 0;
  std::uint32_t failures_ = 0; ///< in a row
  std::uint64_t deaths_left_ = 0;
  std::vector<pid_t> alive_;
  process_costs costs_;
};

} // namespace fugato
