// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"
#include "models/trial.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Trials that are done, kept on the medium one by one, so that a search that was interrupted can go on.
namespace fugato {

/// One line of trials.jsonl.
struct trial_record {
  std::uint32_t format = 1;
  std::string table_sha256; ///< of the table and of the files that its split goes by
  trial what;
  trial_result result;
};

void describe(visitor& v, trial_record& x);

/// trials.jsonl while it grows: a JSON object a line. One search at a time has it.
class trial_log {
public:
  /// Opens a new file, or with @p resume also one that is there.
  /// @throws error(usage) when the file exists and @p resume is not set, or when another search has it open,
  ///         error(output) when it cannot be written.
  trial_log(std::string path, bool resume);
  /// Removes the file when there is nothing in it.
  ~trial_log();
  trial_log(const trial_log&) = delete;
  trial_log& operator=(const trial_log&) = delete;

  /// The trials that are there, all of a search in this table. A last line without an end, torn by an
  /// interruption, is cut off.
  /// @throws error(usage) naming the line that is not as `append` writes it, or that belongs to another table.
  std::vector<trial_record> take_up(const std::string& table_sha256);

  /// Adds a line, and returns when it is on the medium. @throws error(output)
  void append(const trial_record& x);

  const std::string& path() const { return path_; }

private:
  std::string path_;
  int file_;
};

} // namespace fugato
