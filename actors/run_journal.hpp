// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"
#include "config/describe.hpp"
#include "config/journal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fugato {

/// A file as it was when its track was handed out; zeros where it cannot be seen from here.
struct file_stamp {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

/// @param path of a file; need not exist
file_stamp stamp_of(const std::string& path);

/// What a run must have in common with the one that it resumes.
struct run_identity {
  std::uint32_t format = 1;
  std::string build;    ///< of the program
  std::string settings; ///< of the lines, JSON
  std::string corpus;   ///< SHA-256 of the listing
  std::uint32_t tracks = 0;
  std::string config; ///< all settings, JSON: for the command line
};

void describe(visitor& v, run_identity& x);

/// A track that an earlier run has measured.
struct measured_before {
  std::vector<float> rows;
  std::string warning;
  track_notes notes;
};

/// What is left of earlier runs.
struct earlier_runs {
  std::map<std::uint32_t, measured_before> done;
  std::vector<task_failure> failed;
  std::map<std::uint32_t, std::uint32_t> crashes; ///< how often a run died with a track in its hands
  std::uint32_t changed = 0;                      ///< tracks whose files are no longer what they were: to be done again
};

/// What a run has done, so that another can go on where it died. Used by one thread.
class run_journal {
public:
  /// Begins a journal, or goes on with one of the same identity.
  /// @throws error(usage) when the file belongs to another build, corpus or settings, naming
  ///         both, or another process writes to it; error(output) for a damaged one
  run_journal(const std::string& path, run_identity own, std::span<const track> tracks);

  const earlier_runs& before() const { return before_; }

  void started(std::span<const std::uint32_t> tasks);
  void done(std::uint32_t task, std::span<const float> rows, const std::string& warning, const track_notes& notes);
  void failed(const task_failure& x);
  /// The run ends in good order: what is in flight is not to blame.
  void closed();
  void flush() { out_.flush(); }
  void remove() { out_.remove(); }

private:
  void replay(const journal_content& content);

  std::span<const track> tracks_;
  journal_writer out_;
  earlier_runs before_;
};

/// The identity that a journal begins with. @throws error(output) when there is none
run_identity identity_in(const std::string& path);

} // namespace fugato
