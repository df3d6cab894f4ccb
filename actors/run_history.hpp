// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "report/live_status.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fugato {

/// What a coordinator that is watched tells of itself, several times a second.
struct dispatch_status {
  struct line {
    std::uint32_t process = 0; ///< 0: this one
    bool alive = true;
    std::uint32_t done = 0;
    std::uint32_t in_hand = 0; ///< tasks
    std::uint32_t first = 0;   ///< of them
    std::uint64_t since_us = 0;
  };

  std::uint64_t at_us = 0; ///< since the work began; so are all times here
  progress seen;
  std::uint32_t retries = 0;
  std::uint32_t doubled = 0;
  std::vector<line> lines;
  std::vector<span> spans;            ///< that ended since the last time
  std::vector<task_failure> failures; ///< since the last time
};

/// A part of the work that counts something.
struct run_phase {
  std::string name;
  std::string unit; ///< what is counted
  std::uint32_t tasks = 0;
  std::function<std::string(std::uint32_t)> task_name; ///< may be empty: "task 7"
};

/// Keeps what a live view has to show, of events with their times; knows neither clocks nor threads nor actors.
/// All times are seconds since the run began.
class run_history {
public:
  void begin(double now, run_phase phase);
  /// Of work that has no coordinator, and between what that tells.
  void step(double now, const progress& seen);
  void update(double now, const dispatch_status& x);
  /// The phase is over. @param last nothing comes after it
  void end(double now, bool last);

  /// What a reader has seen already.
  struct cursor {
    std::uint64_t rate = 0;
    std::uint64_t box = 0;
    std::uint64_t failure = 0;
  };

  /// @param seen only what is newer is in `rates`, `stream` and `failures`
  live_status status(double now, const cursor& seen) const;

private:
  struct sample {
    double at;
    std::uint32_t finished;
  };

  std::string name_of(std::uint32_t task) const;
  void count(double now, const progress& seen);
  void add_boxes(const dispatch_status& x);
  void add_failures(double now, const dispatch_status& x);
  double recent_rate(double now) const;
  void note_rate(double now);

  run_phase phase_{"starts", "tasks", 0, {}};
  double began_ = 0;
  double offset_ = 0; ///< run time less the coordinator's
  bool first_update_ = true;
  progress seen_;
  dispatch_status last_;
  std::deque<sample> samples_;  ///< of the last ten seconds and one before
  std::deque<live_rate> rates_; ///< over the run, thinned as it grows long
  double rate_spacing_ = 1;     ///< s
  std::deque<live_box> boxes_;
  std::deque<live_failure> failures_;
  std::map<std::string, std::uint32_t> reasons_;
  std::uint64_t next_rate_ = 1;
  std::uint64_t next_box_ = 1;
  std::uint64_t next_failure_ = 1;
};

} // namespace fugato
