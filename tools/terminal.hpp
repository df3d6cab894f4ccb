// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/extraction.hpp"

#include <chrono>
#include <string>
#include <vector>

/// What goes to stderr: remarks, warnings, the progress line. Colour only on a
/// terminal, and never when NO_COLOR is set (https://no-color.org).
namespace fugato {

void open_terminal(bool quiet);
void note(const std::string& sentence);
void warn(const std::string& sentence);
void complain(const std::string& sentence);

/// Prints to stdout. @throws error(output) when that fails (a full disk; a
/// closed pipe ends the program by SIGPIPE as usual).
void print(const std::string& text);

/// Count, rate and remaining time of long work: a line that is rewritten on a
/// terminal, a line every ten seconds elsewhere.
class progress_line {
public:
  explicit progress_line(std::string what, std::string unit = "tracks");
  ~progress_line(); ///< wipes the line
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  /// @param remark stands at the end of the line
  void show(const progress& x, const std::string& remark = "");

  /// A sentence of its own, above the line.
  void say(const std::string& sentence);

  /// The text for `x` after `seconds` of work; separate for its test.
  std::string text(const progress& x, double seconds) const;

private:
  void wipe();

  using clock = std::chrono::steady_clock;
  std::string what_;
  std::string unit_;
  clock::time_point start_ = clock::now();
  clock::time_point shown_;
  bool dirty_ = false;
};

/// One line per failed track, the first few of them.
void tell_failures(const std::vector<failure>& failures);

/// One line per doubtful track, the first few of them.
void tell_warnings(const std::vector<warning>& warnings);

} // namespace fugato
