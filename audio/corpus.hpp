// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track_list.hpp"

#include <string>
#include <vector>

namespace fugato {

/// The tracks of a corpus, sorted bytewise by (label, path), so that their order
/// is the same on every machine; ids count from 0. @p path is
/// - a folder: each sub-folder is a label and is searched to any depth; or all
///   audio files lie in the folder itself and have an empty label;
/// - a list (.csv, .txt) with lines `path[,label]`: relative paths count from the
///   list's folder, fields with commas or quotes are quoted as in RFC 4180, `#`
///   begins a comment line; a first line `path[,label]` is a header;
/// - or one audio file.
/// In folders, names are taken for audio by their extension, also in formats that
/// cannot be decoded, so that they fail with a reason. A sub-folder that cannot be
/// listed is a track itself, named by its path relative to the corpus: reading it
/// fails and tells why, and the rest of the corpus can still be used. Hidden files (and so
/// AppleDouble's `._*`) are skipped, links are followed, but never into a folder
/// that one is in already. Files are not opened: that is the reader's work.
///
/// Names are the file names if they are unique in the corpus, else for all tracks
/// the paths relative to it. Names and labels are as `printable_name` writes them
/// (config/printable.hpp): no file name commands a terminal or a spreadsheet. A folder
/// that is named like a recording and holds none is a track as well, which fails.
/// @throws error not_found when @p path does not exist or holds no audio;
///         permission or read_error when @p path itself cannot be listed; settings
///         for anything wrong with a list, and for audio files beside labelled ones
track_list list_corpus(const std::string& path);

/// Files, and audio files at any depth below folders, in the order of the
/// arguments (sorted bytewise within a folder, repetitions left out); no labels.
/// A file is taken whatever its name and even if it does not exist, so that
/// reading it tells why it cannot be used; so is a sub-folder that cannot be listed.
/// @throws error as list_corpus does
track_list list_files(const std::vector<std::string>& paths);

/// SHA-256 of the listing: a line `name,label,path` a track, quoted as in RFC 4180.
std::string corpus_digest(const track_list& all);

/// Whether a file name ends like one of audio, e.g. "a.wav", "b.FLAC", "c.m4a"; the
/// one list of extensions, whether or not the format can be decoded.
bool has_audio_extension(const std::string& name);

} // namespace fugato
