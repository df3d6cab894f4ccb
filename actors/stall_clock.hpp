// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace fugato {

/// Time by which tracks are judged: microseconds since it was made, without those in which the program was stopped
/// (Ctrl-Z, a suspended machine), which no track is to blame for: the clock is read many times a second, and when it
/// was not, the program did not run. Never goes back.
class stall_clock {
public:
  using time = std::chrono::steady_clock::time_point;

  explicit stall_clock(time start) : start_(start) {}

  std::uint64_t read(time now = std::chrono::steady_clock::now()) {
    if (last_ && now - *last_ > longest_pause)
      start_ += now - *last_;
    last_ = now;
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now - start_).count());
  }

private:
  static constexpr std::chrono::seconds longest_pause{2};

  time start_;
  std::optional<time> last_;
};

} // namespace fugato
