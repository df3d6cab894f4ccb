// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "actors/run_journal.hpp"
#include "actors/settings.hpp"
#include "models/training.hpp"
#include "models/trial.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The actors seen from outside: no CAF in this header.
namespace fugato {

using progress_callback = std::function<void(const progress&)>;

struct office;

/// A trial that could not be run, and why.
struct trial_failure {
  std::uint32_t trial = 0;
  errc reason = errc::internal;
  std::string sentence;
};

/// What trials came to.
struct trial_outcomes {
  std::vector<std::optional<trial_result>> results; ///< by trial; none of those that failed or were not begun
  std::vector<trial_failure> failures;
  dispatch_notes dispatch;
};

/// How an extraction can be stopped, and gone on with.
struct extract_control {
  /// Asked from time to time; once true nothing more is begun, and what is in flight is waited for
  /// ten seconds. May be empty.
  std::function<bool()> stop;
  std::shared_ptr<run_journal> journal; ///< may be null
  /// Told of each track once, in the order in which they come, one call at a time from another thread; it must
  /// not throw. Rows are then not kept: memory does not grow with the corpus. While it does not return, the lines
  /// soon get nothing new. Excludes the journal. May be empty.
  std::function<void(track_outcome&&)> each = {};
  /// Where rows are kept; null: in the journal, or, without one, in memory.
  std::shared_ptr<row_keeper> keeper{};
  std::string cache{}; ///< folder of the feature cache; empty: none
  /// Called when `stop` asked for the end and a line of this very process does not come to one, which nothing but the
  /// program's end can end: it must not return. Where it is empty, the line is waited for.
  std::function<void()> give_up{};
};

/// Whether a line of this process hung when all else was done, and was left where it is: the program must then end
/// without destroying what the line may use.
bool left_lines_behind();

/// An actor system laid out for a policy.
class session {
public:
  /// @param announce tells the user what concerns him while work goes on
  explicit session(
      const dispatch_settings& settings, std::function<void(const std::string&)> announce = [](const std::string&) {});
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Measures all tracks. A bad track lands among the failures.
  /// @param base folder that all tracks lie beneath: what workers of other
  ///        machines may have elsewhere; empty: the root
  /// @param tell is called from a thread of its own, one call at a time, and not
  ///        after this returns.
  /// @param control how it can be stopped and resumed, and where rows are kept
  /// @throws error(settings) for settings that no line can work with; error(output) when rows cannot be kept
  extraction extract(const std::shared_ptr<const track_list>& corpus, const line_settings& settings,
                     const progress_callback& tell, const std::string& base = {}, const extract_control& control = {});
  extraction extract(const track_list& corpus, const line_settings& settings, const progress_callback& tell,
                     const std::string& base = {}, const extract_control& control = {}) {
    return extract(std::make_shared<const track_list>(corpus), settings, tell, base, control);
  }

  /// Splits, learns and judges; where train.policy says so, by ranks in processes of their own.
  /// @param origin how the table was made, when from audio: the model remembers
  /// @param tell is told the steps of learning in place of tracks
  /// @throws error(bad_table), error(bad_model), error(worker_lost) when ranks were lost again and again
  std::shared_ptr<const training_result> train(
      std::shared_ptr<const dataset> data, const train_settings& how, const model_settings& models,
      const std::optional<line_settings>& origin, const progress_callback& tell = [](const progress&) {});

  /// Runs trials by the session's policy, one thread each, side by side within the core
  /// budget. The table is sent once a process.
  /// @param tell is called with each result as it arrives, one at a time, from another thread
  /// @param stop is asked from time to time; once it says true no further trial is begun
  trial_outcomes run_trials(
      const std::shared_ptr<const dataset>& data, const std::vector<trial>& trials,
      const std::function<void(std::uint32_t trial, const trial_result& result)>& tell,
      const std::function<bool()>& stop = [] { return false; });

private:
  std::unique_ptr<office> office_;
};

/// Of the actor framework, e.g. "0.17.6".
std::string caf_version();

} // namespace fugato
