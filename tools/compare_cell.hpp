// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison.hpp"

#include <string>
#include <vector>

namespace fugato {

/// One run of a cell: this program, in a process of its own.
struct cell_run {
  std::string name;                   ///< for errors
  std::vector<std::string> arguments; ///< of `fugato`; output, report and trace are added
  std::string folder;                 ///< for its files, which later runs overwrite
  bool learns = false;                ///< `fugato train`, not `fugato extract`
};

/// Runs and measures. CPU counts the process and all that it started and waited
/// for (wait4); CPU and memory over time are sampled from /proc every 50 ms.
/// @return all but the hash of the corpus
/// @throws error(internal) when the run does not end with exit code 0; the sentence
///         holds the last line that it wrote to stderr
measurement measure_run(const cell_run& what);

/// Ends the run that goes on, if one does: for a signal that ends all.
void kill_run();

/// Runs this program. @throws error(internal) as `measure_run`
void run_program(const cell_run& what);

} // namespace fugato
