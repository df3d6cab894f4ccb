// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/version.hpp"

namespace fugato {

build_info this_build() { return {FUGATO_VERSION, FUGATO_COMMIT, FUGATO_COMPILER, FUGATO_BUILD_TYPE}; }

} // namespace fugato
