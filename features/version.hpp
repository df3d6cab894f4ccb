// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace fugato {

/// Raised whenever any value of a row changes, if only by a bit, for the same audio and
/// settings: rows that are kept by a feature cache must be those that would be measured.
/// tests/features/version_test.cpp fails when that was forgotten.
constexpr std::uint32_t feature_version = 1;

} // namespace fugato
