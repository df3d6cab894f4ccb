// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fugato {

/// What the name of a table's row says.
struct row_name {
  std::string_view track;
  std::optional<std::uint32_t> chunk; ///< nothing when the name is a track's
};

/// Cuts `<track>.<chunk>` at the last dot, whatever the track: as Fugato names rows.
/// @returns nothing when the name does not end so.
std::optional<row_name> cut_chunk(std::string_view name);

/// Understands, in a table that anyone may have made,
///  - `blues.00000.wav.3`: ours, `<track>.<chunk>` where the track ends in an
///    audio extension (as has_audio_extension says);
///  - `blues.00000.3.wav` and `blues.00000.3`: track `blues.00000`, as in the
///    published tables of GTZAN's 3 s segments, but only when both last tokens
///    before the extension are numbers, so that `blues.00000.wav` stays a track.
/// Any other name is a track's as a whole.
row_name parse_row_name(std::string_view name);

} // namespace fugato
