// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dataset.hpp"

#include <string>
#include <string_view>

namespace fugato {

/// A table as bytes for another process of the same build on the same kind of
/// machine: numbers lie there as they do in memory, so that nothing is rounded.
std::string to_bytes(const dataset& table);

/// @throws error(bad_table) when the bytes are cut short, go on too long, or their
///         parts do not belong together
dataset dataset_from_bytes(std::string_view bytes);

} // namespace fugato
