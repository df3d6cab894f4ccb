// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/dashboard.hpp"
#include "actors/pipeline.hpp"
#include "actors/placement.hpp"
#include "actors/policy.hpp"
#include "actors/run_watch.hpp"
#include "actors/session.hpp"
#include "actors/system_config.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fugato {

/// Tasks to be handed out, and to whom.
struct assignment {
  std::uint32_t tasks = 0;
  std::function<std::string(std::uint32_t)> what; ///< the text of a task
  briefing brief;
  sink_actor sink;
  result_check check;              ///< of results from other processes; may be empty
  courier_actor courier;           ///< null where lines read files themselves
  switchboard_actor board;         ///< null where no ranks need it
  std::string base;                ///< folder from which tracks' paths count
  std::function<bool()> stop;      ///< asked from time to time: whether to begin no more; may be empty
  std::function<void()> give_up;   ///< see extract_control
  std::chrono::seconds grace{10};  ///< how long what is in flight is waited for after that
  clerk_actor clerk;               ///< null: there is no journal
  mark_started mark;               ///< instead of the clerk's `started`, and done before they are; may be empty
  std::vector<std::uint32_t> done; ///< see coordination
  std::map<std::uint32_t, std::uint32_t> crashes; ///< see coordination
  bool muster = false;                            ///< whether all lines are waited for before the first is fed
  run_phase shown;                                ///< how a live view names this work and its tasks
  bool resumable = false;                         ///< whether what was done is kept when the run ends too early
  bool lengthy = false;                           ///< tasks of minutes: a line has one at a time, without a deadline
};

/// CAF's actor system, which refers to its settings while it lives.
struct acting {
  acting(std::size_t threads, bool networked, double silence_seconds)
      : config(threads, networked, silence_seconds), actors(config) {}
  system_config config;
  caf::actor_system actors;
};

/// What the session's parts share: the actor system and how it is laid out.
struct office {
  office(const dispatch_settings& dispatch, std::function<void(const std::string&)> tell);
  /// By another policy than the settings name, and unwatched.
  office(const dispatch_settings& dispatch, std::function<void(const std::string&)> tell, const policy& by);
  ~office();
  static bool left_lines(); ///< see left_lines_behind
  office(const office&) = delete;
  office& operator=(const office&) = delete;

  dispatch_settings settings;
  std::function<void(const std::string&)> announce;
  const policy how;
  std::shared_ptr<run_watch> watch;         ///< null: nobody watches
  std::unique_ptr<const dashboard> showing; ///< null: nobody watches
  std::unique_ptr<acting> system;           ///< never null
  caf::actor_system& actors;                ///< in `system`

private:
  bool comes_to_rest() const;

  std::size_t own_threads_; ///< of CAF's own actors
};

/// While it lives, a live view, if there is one, shows a phase of the work.
class shown_phase {
public:
  shown_phase(const office& where, run_phase phase);
  ~shown_phase();
  shown_phase(const shown_phase&) = delete;
  shown_phase& operator=(const shown_phase&) = delete;

private:
  std::shared_ptr<run_watch> watch_;
};

/// Deploys lines as the policy says, feeds them until every task is done or has
/// failed, and takes them down again.
/// @throws error when lines cannot be had at all
dispatched carry_out(office& where, caf::scoped_actor& self, const assignment& work, const progress_callback& tell);

} // namespace fugato
