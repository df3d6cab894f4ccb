// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"

#include <string>
#include <vector>

namespace fugato {

/// The tracks of a corpus, sorted bytewise by (label, path), so that their order
/// is the same on every machine; ids count from 0. @p path is
/// - a folder: each sub-folder is a label and is searched to any depth; audio files
///   beside the sub-folders have an empty label;
/// - a list (.csv, .txt) with lines `path[,label]`: relative paths count from the
///   list's folder, fields with commas or quotes are quoted as in RFC 4180, `#`
///   begins a comment line; a first line `path[,label]` is a header;
/// - or one audio file.
/// In folders, names are taken for audio by their extension. Hidden files (and so
/// AppleDouble's `._*`) are skipped, links are followed, but never into a folder
/// that one is in already. Files are not opened: that is the reader's work.
///
/// Names are the file names if they are unique in the corpus, else for all tracks
/// the paths relative to it.
/// @throws error not_found when @p path does not exist or holds no audio;
///         permission or read_error when a folder cannot be listed (leaving it out
///         would change the results); settings for anything wrong with a list
std::vector<track> list_corpus(const std::string& path);

/// Files, and audio files at any depth below folders, in the order of the
/// arguments (sorted bytewise within a folder, repetitions left out); no labels.
/// A file is taken whatever its name and even if it does not exist, so that
/// reading it tells why it cannot be used.
/// @throws error as list_corpus does
std::vector<track> list_files(const std::vector<std::string>& paths);

/// One line `name,label,path` a track, quoted as in RFC 4180; made for hashing.
std::string corpus_listing(const std::vector<track>& tracks);

/// Whether a file name ends like one of audio, e.g. ".wav", ".FLAC".
bool has_audio_extension(const std::string& name);

} // namespace fugato
