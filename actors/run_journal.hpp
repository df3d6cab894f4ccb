// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "actors/row_store.hpp"
#include "config/describe.hpp"
#include "config/journal.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fugato {

/// A file as it was when its track was handed out; zeros where it cannot be seen from here. No program can choose
/// when a file's inode was changed, so that who finds the same stamp need not read the file; else its bytes decide.
struct file_stamp {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0; ///< the inode, or its bytes; 0: so lately that more changes could bear the same time

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

/// @param path of a file; need not exist
/// @param now since 1970 [ns]
file_stamp stamp_of(const std::string& path, std::int64_t now);

/// What a resumed run finds of the files.
struct file_witness {
  std::function<file_stamp(std::uint32_t)> stamp;
  /// Whether the file is, byte for byte, what these rows were measured of.
  std::function<bool(std::uint32_t, const row_place&)> same_bytes;
};

/// What a run must have in common with the one that it resumes.
struct run_identity {
  std::uint32_t format = 2;
  std::string build;    ///< of the program
  std::string settings; ///< of the lines, JSON
  std::string corpus;   ///< SHA-256 of the listing
  std::uint32_t tracks = 0;
  std::string folder; ///< where the run was begun; relative paths count from there
  std::string config; ///< all settings, JSON: for the command line
};

void describe(visitor& v, run_identity& x);

/// What is left of earlier runs.
struct earlier_runs {
  std::map<std::uint32_t, row_place> done;
  std::vector<task_failure> failed;               ///< in the order of the tasks
  std::map<std::uint32_t, std::uint32_t> crashes; ///< how often a run died with a track in its hands
  std::uint32_t changed = 0;                      ///< tracks whose files are no longer what they were: to be done again
  std::uint32_t touched = 0;                      ///< tracks that failed, and whose files may have changed: the same
  std::uint32_t unseen = 0;                       ///< tracks done whose files could never be seen from here
  track_notes totals;                             ///< of those done
  std::vector<task_warning> warnings;             ///< the same
  std::string finishing;                          ///< the last run was about to end, with these outputs; else empty
};

/// Reads what a journal's records say, one after the other.
class journal_replay {
public:
  explicit journal_replay(std::size_t tasks) : tasks_(tasks) {}

  /// @throws error(output) for a record that no run has written
  void see(const journal_record& x);

  /// All were seen.
  earlier_runs finish(const file_witness& now);

private:
  void died();
  void forget(std::uint32_t task);
  bool unchanged(std::uint32_t task, const row_place& rows, const file_witness& now);

  std::size_t tasks_;
  earlier_runs found_;
  std::map<std::uint32_t, std::pair<std::uint64_t, task_failure>> failed_; ///< and where their records stand
  std::uint64_t begun_at_ = 0;                                             ///< where the last run's records begin
  std::map<std::uint32_t, file_stamp> stamps_;
  std::set<std::uint32_t> in_flight_;
};

/// What a run has done, so that another can go on where it died. Used by one thread.
class run_journal : public row_keeper {
public:
  /// Begins a journal, or goes on with one of the same identity.
  /// @throws error(usage) when the file belongs to another build, corpus or settings, naming
  ///         both, or another process writes to it; error(output) for a damaged one
  run_journal(const std::string& path, run_identity own, std::shared_ptr<const track_list> corpus);

  const earlier_runs& before() const { return before_; }
  /// Bytes of a broken end that had not reached the medium.
  std::uint64_t dropped() const { return out_.before().dropped; }

  /// Whether it would be a loss: it knows rows of this run or an earlier one.
  bool holds_rows() const { return kept_ || !before_.done.empty(); }

  void started(std::span<const std::uint32_t> tasks);
  row_place keep(const track_result& x) override;
  std::vector<float> rows(const row_place& place) const override;
  void failed(const task_failure& x);
  /// The run ends in good order: what is in flight is not to blame.
  void closed();
  /// All is done and about to appear. @param what tells these outputs from others
  void finishing(const std::string& what);
  void flush() { out_.flush(); }
  void remove() { out_.remove(); }

private:
  journal_visitor reader(const std::string& path, const run_identity& own);
  void add_notes();
  bool same_bytes(std::uint32_t task, const row_place& place) const;

  std::shared_ptr<const track_list> corpus_;
  journal_replay history_;
  bool fresh_ = true;
  bool kept_ = false;
  journal_writer out_;
  earlier_runs before_;
};

/// The identity that a journal begins with. @throws error(output) when there is none
run_identity identity_in(const std::string& path);

/// Whether a journal has no record. @throws error(output) as scan_journal
bool is_empty_journal(const std::string& path);

} // namespace fugato
