// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fugato {

/// Watches for workers while there are none: says so from time to time, and gives up at last. Times are
/// microseconds of any clock that does not go back.
class lookout {
public:
  /// @param most_us how long a run waits without a worker; 0: for ever
  explicit lookout(std::uint64_t most_us) : most_us_(most_us) {}

  /// To be called often. @returns what the user is to be told now, if anything
  std::optional<std::string> look(std::uint64_t now, bool any_worker, std::uint32_t open_tasks);

  bool gave_up() const { return gave_up_; }
  /// In all.
  std::uint64_t waited_us() const { return waited_us_; }

private:
  std::uint64_t most_us_;
  std::optional<std::uint64_t> since_; ///< when the last worker was seen
  std::uint64_t seen_ = 0;
  std::uint64_t next_word_ = 0;
  std::uint64_t waited_us_ = 0;
  bool gave_up_ = false;
};

} // namespace fugato
