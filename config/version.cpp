// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/version.hpp"

namespace fugato {

build_info this_build() { return {FUGATO_VERSION, FUGATO_COMMIT, FUGATO_COMPILER, FUGATO_BUILD_TYPE}; }

std::string build_identity() {
  const build_info build = this_build();
  return build.version + " " + build.commit + " " + build.build_type + " " + build.compiler;
}

} // namespace fugato
