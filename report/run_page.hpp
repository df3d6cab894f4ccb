// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/run_folder.hpp"

#include <string>

namespace fugato {

/// `report.html`: a run to look at, one self-contained page (report/page.hpp). For a corpus of 1000 tracks it takes
/// less than 2 MB; of larger ones the long lists are cut, and say so.
std::string run_page(const run_folder& x);

/// Writes `report.html` into the run folder @p path from the files that are there.
/// @throws error as read_run_folder does, error(output)
void write_run_page(const std::string& path);

} // namespace fugato
