// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

namespace fugato {

/// While it lives, SIGINT, SIGTERM and SIGHUP, unless they were ignored before (nohup), end the program in good order:
/// the first one asks the work at hand to stop, if that can; the second ends the program at once, as does the first
/// where the work cannot stop by itself. One at a time.
class interruption {
public:
  /// @param clean is called, from another thread, before the program is ended at once
  /// @param what is told the user when the first signal comes
  interruption(std::function<void()> clean, std::function<void(int signal)> tell);
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// Whether the work at hand looks at `asked`.
  void work_stops_by_itself(bool yes) { patient_ = yes; }

  bool asked() const { return signal_ != 0; }
  /// The first signal; 0: none came.
  int signal() const { return signal_; }

  /// Ends the program at once, as a second signal does.
  [[noreturn]] void end();

private:
  void watch();

  void handle();
  void restore();

  std::function<void()> clean_;
  std::function<void(int)> tell_;
  std::atomic<bool> patient_ = false;
  std::atomic<int> signal_ = 0;
  std::vector<std::pair<int, struct sigaction>> before_; ///< how signals were dealt with
  std::thread thread_;
};

} // namespace fugato
