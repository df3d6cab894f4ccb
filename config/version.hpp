// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

/// What this program was built from and with.
struct build_info {
  std::string version;    ///< e.g. "0.1.0"
  std::string commit;     ///< of the sources, when they were configured; empty outside a checkout
  std::string compiler;   ///< name and version
  std::string build_type; ///< Release, Debug
};

build_info this_build();

/// All of it in one line: nodes that work together must agree on it.
std::string build_identity();

} // namespace fugato
