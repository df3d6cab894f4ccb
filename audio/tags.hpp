// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// What music files say of themselves: ID3v2 in MP3, WAV and AIFF, Vorbis comments in FLAC and Ogg (Vorbis, Opus,
/// FLAC). TagLib does the work. All texts are UTF-8, foreign, and to be shown by `printable` only.
namespace fugato {

struct music_tags {
  std::string format;              ///< of the file, e.g. "MP3"
  std::vector<std::string> genres; ///< see genre_names
  std::vector<std::string> artists;
  std::vector<std::string> album_artists;
  std::string album;
  std::string title;
};

/// Genres of a field as it is stored: `(17)`, `17` and `(4)Eurodisco` are ID3v1's numbers with or without a
/// refinement, `(RX)` and `(CR)` Remix and Cover, `((` a parenthesis; `;` parts several. Blanks around are dropped,
/// and what is there twice.
/// @param numbers whether digits alone are an ID3v1 number: so in ID3
std::vector<std::string> genre_names(const std::string& stored, bool numbers);

/// Reads no more of a file than the tags' places. Where an MP3 has no ID3v2, its APE or ID3v1 tag speaks.
/// @throws error not_found, permission, not_regular, unsupported_audio (a format whose tags are not known),
///         damaged_audio
music_tags read_tags(const std::string& path);

/// The same of a file in memory. @param name for the errors
music_tags read_tags(std::span<const std::byte> file, const std::string& name);

/// The file with these genres in place of its own; none takes the field out. Other fields stay, and so does the
/// audio. ID3v2.3 stays 2.3; ID3v1 and APE tags stay as they are; in WAV a genre in a LIST INFO chunk is set too.
/// @throws error as read_tags does; output when what was written does not read back
std::vector<std::byte> with_genres(std::span<const std::byte> file, const std::vector<std::string>& genres,
                                   const std::string& name);

/// Of TagLib, e.g. "1.13.0".
std::string taglib_version();

} // namespace fugato
