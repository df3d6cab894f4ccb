// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/audit.hpp"

#include <string>

namespace fugato {

/// For people: what `fugato corpus check` found.
std::string audit_text(const corpus_audit& x);

} // namespace fugato
